"""What an operator is told before Tenkyo is started: the machine, the installation, and the parts it stands on.

`lines` is what is said, `texts` in which words; `machine`, `installation` and `parts` look.
"""
