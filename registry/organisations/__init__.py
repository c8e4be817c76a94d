"""Regions, organisations, their names over time, and work contacts. 地区、单位与联系人."""
