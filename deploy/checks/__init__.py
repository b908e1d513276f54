"""Every check of the code: style, types, directions between the rooms, translations, migrations, architecture."""
