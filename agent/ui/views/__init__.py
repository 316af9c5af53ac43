"""What the pages show, computed from what is known: pure, and without Qt.

Every value is text in the reader's language already. Which button stands where is read from
`StatusView.actions`; nothing is decided here but what comes first.
"""
