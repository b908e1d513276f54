"""What the people of the demo write into the sections."""

from __future__ import annotations

Answers = dict[str, object]


def section_a(name: str, email: str, locations: int, city: str = "Durham", county: str = "Durham") -> Answers:
    """A whole section A."""
    domain = email.partition("@")[2]
    return {
        "legal_name": name,
        "location_count": locations,
        "phone": "919 555 0134",
        "email": f"office@{domain}",
        **_address("", "412 Main Street", city, county),
        "cmo_first_name": "Helen",
        "cmo_last_name": "Grady",
        "cmo_phone": "919-555-0141",
        "cmo_email": f"helen.grady@{domain}",
        "cmo_title": "MD",
        "cmo_license_state": "NC",
        "cmo_license_number": "2009-01473",
        **_address("cmo_", "412 Main Street", city, county),
        "ceo_first_name": "Walter",
        "ceo_last_name": "Amos",
        "ceo_phone": "919-555-0142",
        "ceo_email": f"walter.amos@{domain}",
        **_address("ceo_", "412 Main Street", city, county),
    }


def section_b(location: str, coordinator: tuple[str, str], provider_type: str = "12") -> Answers:
    """A whole section B."""
    email, name = coordinator
    first, _, last = name.partition(" ")
    domain = email.partition("@")[2]
    return {
        "location_name": location,
        "provider_type": provider_type,
        "coordinator_first_name": first,
        "coordinator_last_name": last,
        "coordinator_phone": "919-555-0151",
        "coordinator_email": email,
        "backup_first_name": "Joyce",
        "backup_last_name": "Tillery",
        "backup_phone": "919-555-0152",
        "backup_email": f"joyce.tillery@{domain}",
        "refrigerated_vials": 40,
        "frozen_vials": 10,
        "ultra_frozen_vials": 0,
    }


def _address(prefix: str, street: str, city: str, county: str) -> Answers:
    fields = {"street": street, "city": city, "county": county, "state": "NC", "zip": "27701"}
    return {f"{prefix}{name}": value for name, value in fields.items()}
