"""Reading regions, organisations and contacts. 单位查询."""
