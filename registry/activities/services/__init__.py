"""What is done with activities: entering, holding, cancelling, figures, links. 活动办理。"""
