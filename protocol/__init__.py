"""What the agent and the signing server both sign and read; bytes and values only."""
