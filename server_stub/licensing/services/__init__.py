"""What changes the tables: each door's transaction, and the rules of docs/protocol.md §5."""
