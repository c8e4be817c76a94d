"""Pages of commitments. 承诺页面."""
