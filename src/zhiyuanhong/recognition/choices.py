"""The five stars of a volunteer, in words."""

STARS = {1: "一星级", 2: "二星级", 3: "三星级", 4: "四星级", 5: "五星级"}
