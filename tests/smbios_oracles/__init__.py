"""What other programs read from real tables, beside what ours reads, field by field.

The tables lie beside the repository (`shared/data/smbios`), each with its oracle: a JSON file of
another parser, or dmidecode's own text. Every field that they tell of types 0, 1, 2, 3, 4 and 17 is
compared: through `parse` where the agent has a name for it, else where DSP0134 puts it in the
structure. `python -m tests.smbios_oracles` prints how many there are.
"""
