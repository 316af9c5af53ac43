"""Reads a Windows machine: the running one, or a recorded one from what it answered.

Everything that only Windows can say stands behind `answers.WindowsAnswers`, so all but `live` runs
and is tested on any system.
"""
