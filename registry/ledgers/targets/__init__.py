"""What a row of each ledger becomes, and how a record reads as a row. 台账与业务记录的对应."""
