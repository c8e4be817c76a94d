"""What is done with commitments. 承诺办理。"""
