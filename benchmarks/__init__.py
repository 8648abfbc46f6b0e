"""Speed and memory, measured and printed, never asserted: ``make bench``. See docs/performance.md."""
