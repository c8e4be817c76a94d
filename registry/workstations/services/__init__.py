"""What is done with workstations. 人才工作站办理。"""

KIND = "workstation"
