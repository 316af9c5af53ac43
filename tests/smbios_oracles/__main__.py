"""How many fields of each real table were compared, and which of them differ."""

import sys

from tests.smbios_oracles.dmidecode import TEXT_ORACLES, compared_with_text
from tests.smbios_oracles.from_json import JSON_ORACLES, compared_with_json


def report() -> str:
    """One row per table, and a line for each difference."""
    compared = {path.name: list(compared_with_json(path)) for path in JSON_ORACLES}
    compared |= {path.name: list(compared_with_text(path)) for path in TEXT_ORACLES}
    lines = []
    for name, fields in compared.items():
        different = [field for field in fields if field.told != field.read]
        lines.append(f"{name:<40}{len(fields):>6} compared, {len(different)} different")
        lines += [f"    {field}" for field in different]
    return "\n".join([*lines, f"{sum(map(len, compared.values())):>46} in all"])


if __name__ == "__main__":
    sys.stdout.write(f"{report()}\n")
