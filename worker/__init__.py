"""What happens without anybody asking: pushes, deadlines, recovery of the inbox, downloads, learning.

The tables are the queues and every worker polls them; taskiq only wakes the workers early and spreads them.
"""
