"""The commands of `faragostar-server`, a module for each group."""
