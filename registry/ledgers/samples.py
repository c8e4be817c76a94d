"""The sample row of each template: plainly fictional. 模板示例行."""

from collections.abc import Mapping

SAMPLES: Mapping[str, Mapping[str, str]] = {
    "agreement": {
        "doc_no": "示校地协〔2023〕1号", "title_zh": "示例市与示例大学校地合作框架协议", "kind": "框架协议",
        "party_a": "示例市人力资源和社会保障局", "party_b": "示例大学", "signed_on": "2023-03-18",
        "place": "示例市", "term_years": "3", "areas": "人才引进、校园招聘",
        "commitments": "每年组织招聘会2场，推送岗位约500个",
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
