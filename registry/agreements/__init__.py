"""Agreements from draft to in force: parties, revisions, clearance, approvals, signatories. 校地合作协议."""
