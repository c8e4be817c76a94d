"""What is counted for leaders, each metric once: 指标口径. `dictionary.METRICS` lists all."""
