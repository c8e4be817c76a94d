"""Docking of enterprises with universities, from the stated need to people who stayed: counts only. 企业对接."""
