"""Pages of signing events. 签约活动页面."""
