"""The commands of `faragostar-man`: each takes a session and returns what is to be shown.

None of them prints, prompts on its own or chooses an exit code.
"""
