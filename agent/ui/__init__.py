"""The window: what the command line does, for who would rather see it.

`views`, `wording`, `jobs`, `desk` and `patience` know no Qt; `worker` carries jobs and frozen
values between them and the pages. Nothing here decides: a button is there because its act is in
`StatusView.actions`. Nothing outside this package imports Qt.
"""
