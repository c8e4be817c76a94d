"""The sample row of each template: plainly fictional. 模板示例行."""

from collections.abc import Mapping

SAMPLES: Mapping[str, Mapping[str, str]] = {
    "agreement": {
        "doc_no": "示校地协〔2023〕1号", "title_zh": "示例市与示例大学校地合作框架协议", "kind": "框架协议",
        "party_a": "示例市人力资源和社会保障局", "party_b": "示例大学", "signed_on": "2023-03-18",
        "place": "示例市", "term_years": "3", "areas": "人才引进、校园招聘",
        "commitments": "每年组织招聘会2场，推送岗位约500个",
    },
    "workstation": {
        "name_zh": "示例市驻示例大学人才合作工作站", "kind": "人才合作工作站",
        "founders": "示例市人力资源和社会保障局", "host": "示例大学", "host_dept": "就业指导中心",
        "unveiled_on": "2023-05-20", "address": "示例大学大学生活动中心", "talks_target": "4", "talks_done": "3",
        "fund_wan": "2.5", "state": "筹建",
    },
    "docking": {
        "region": "示例市", "university": "示例大学", "name_zh": "示例市与示例大学人才对接机制",
        "established_on": "2023年3月", "stage": "初步对接", "form": "会议纪要", "local_liaison": "张某",
        "univ_liaison": "李某", "frequency": "每季度", "next_items": "推进共建工作站", "converted": "否",
    },
    "recruitment": {
        "name_zh": "示例大学校园专场招聘会", "kind": "专场招聘会", "held_on": "2023-04-15", "place": "示例大学体育馆",
        "university": "示例大学", "organizer": "示例市人力资源和社会保障局", "employers": "1,637",
        "positions": "6.24万", "headcount": "10万余", "onsite": "约5000", "count_note": "线上线下合计",
        "source": "新闻报道",
    },
    "visit_enterprise": {
        "university": "示例大学", "visited_on": "2023-05-10", "enterprise": "示例制造有限公司", "nature": "民营企业",
        "is_first": "是", "mode": "实地走访", "lead": "张某", "lead_position": "校长", "lead_level": "书记校长",
        "posts": "约30", "intern_posts": "10", "intentions": "校园招聘、实习基地",
    },
    "follow_up": {
        "visited_on": "2023-09-12", "target": "示例大学", "target_type": "高校", "mode": "实地",
        "linked": "示校地协〔2023〕1号", "visitors": "张某、李某", "content": "了解协议履行情况", "rating": "好",
    },
}  # fmt: skip
