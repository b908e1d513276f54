"""What every capability stands on; nothing here knows one."""

from models.tables.core import kinds  # noqa: F401 - tables refer to it by name, in whatever process they are used
