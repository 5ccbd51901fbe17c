//! What breaks.

use super::{Theme, Work};
use crate::domain::UnitUsage::{Office, Residence, Shop, Stall};
use crate::domain::ticket::Kind::Repair;
use crate::seed::calendar::{Hours, Season};

const fn engineer(task: &'static str, results: &'static [&'static str]) -> Work {
    Work::Order("工程部", "worker", task, results)
}

const fn electrician(task: &'static str, results: &'static [&'static str]) -> Work {
    Work::Order("工程部", "worker2", task, results)
}

pub(in crate::seed) const REPAIRS: &[Theme] = &[
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Residence,
        place: None,
        often: 12,
        season: Season::Always,
        hours: Hours::Evening,
        words: &[
            "{room}的水龙头关不紧，{since}开始一直滴。",
            "{room}地漏反水，一开洗衣机就往外冒。",
            "水管接头漏水，{since}发现的，地板都泡起来了。",
            "马桶冲不下去，{since}叫人通过一次又堵了。",
            "{room}水压特别小，洗个澡要半个小时。",
        ],
        work: engineer(
            "上门检查给排水",
            &[
                "换了角阀和软管，通水半小时不漏。",
                "主管道疏通三米，排水恢复。",
                "更换阀芯，水压正常。",
                "重做接头防水，擦干观察后无渗漏。",
            ],
        ),
        replies: &[
            "已修好并试水，若再渗漏请随时找我。",
            "管道已疏通，建议装一个防臭地漏芯，我们可以代购。",
            "阀件已更换，质保半年。",
        ],
    },
    Theme {
        kind: Repair,
        category: "POWER",
        usage: Residence,
        place: None,
        often: 8,
        season: Season::Always,
        hours: Hours::Evening,
        words: &[
            "{since}跳闸，推上去又跳，{room}没有电。",
            "{room}的插座冒火花，不敢用了。",
            "家里一半的灯不亮，{since}开始的。",
            "电表箱嗡嗡响，靠近有焦味。",
        ],
        work: electrician(
            "上门检查线路",
            &[
                "空开老化，已更换，测负载正常。",
                "插座接线松动，重接并换面板。",
                "零线虚接，重新压接，绝缘测试合格。",
            ],
        ),
        replies: &[
            "线路已恢复，请勿在同一插座上接两台大功率电器。",
            "已更换空开，测试正常。",
            "接线已重做，可以放心使用。",
        ],
    },
    Theme {
        kind: Repair,
        category: "POWER",
        usage: Residence,
        place: Some("楼道"),
        often: 7,
        season: Season::Always,
        hours: Hours::Evening,
        words: &[
            "楼道的声控灯{since}就不亮了，老人下楼要摸黑。",
            "一楼大堂的灯一闪一闪的，晃眼。",
            "地下车库我车位上方的灯坏了，倒车看不见。",
        ],
        work: electrician(
            "检修公共照明",
            &["换了感应头和灯泡。", "整流器坏，已换成LED灯管。", "线路接头氧化，处理后正常。"],
        ),
        replies: &["楼道灯已修好。", "已更换灯具，并把同层的一并检查了。"],
    },
    Theme {
        kind: Repair,
        category: "DOOR",
        usage: Residence,
        place: Some("单元门"),
        often: 6,
        season: Season::Always,
        hours: Hours::Any,
        words: &[
            "单元门关不上，{since}谁都能进来。",
            "门禁刷卡没反应，对讲也不通。",
            "单元门的闭门器漏油，关门像打雷一样响。",
        ],
        work: engineer(
            "检修单元门禁",
            &["调整闭门器，门能自动锁上。", "更换读卡器，逐户试过。", "对讲主机重启并更新，通话正常。"],
        ),
        replies: &["门禁已恢复，感谢您及时告诉我们。", "闭门器已更换，开关都安静了。"],
    },
    Theme {
        kind: Repair,
        category: "DOOR",
        usage: Residence,
        place: None,
        often: 4,
        season: Season::Always,
        hours: Hours::Any,
        words: &[
            "入户门锁转不动，{since}差点进不了家。",
            "{room}的窗户关不严，漏风。",
            "纱窗滑轮坏了，推不动。",
        ],
        work: engineer(
            "上门检修门窗",
            &["锁芯润滑并校正，开关顺畅。", "更换窗锁点和密封条。", "换了滑轮，推拉正常。"],
        ),
        replies: &["门锁已修好。", "密封条已更换，如仍漏风请告诉我。"],
    },
    Theme {
        kind: Repair,
        category: "AIRCON",
        usage: Residence,
        place: None,
        often: 4,
        season: Season::Summer,
        hours: Hours::Evening,
        words: &[
            "空调外机滴水滴到我家窗台上，{since}没停过。",
            "{room}空调不制冷，室外机不转，孩子热得睡不着。",
            "空调排水管堵了，{room}墙面渗水。",
        ],
        work: electrician(
            "检查空调电源和冷凝水管",
            &[
                "冷凝水管疏通并接入排水立管。",
                "外机电容坏，协助联系厂家已更换。",
                "接线端子发热，重接后正常。",
            ],
        ),
        replies: &["冷凝水已改接，不会再滴到窗台。", "空调已恢复制冷，滤网建议每月洗一次。"],
    },
    Theme {
        kind: Repair,
        category: "AIRCON",
        usage: Office,
        place: None,
        often: 7,
        season: Season::Summer,
        hours: Hours::Working,
        words: &[
            "办公区空调只吹风不冷，室内三十度了，没法上班。",
            "会议室风口往下滴水，桌上全湿了。",
            "{since}加班时空调被关了，请问能延时吗？机房温度报警。",
        ],
        work: electrician(
            "检查风机盘管和冷水阀",
            &["电动阀卡死，已换，出风十四度。", "接水盘堵，清理后不再滴水。", "滤网清洗，风量恢复。"],
        ),
        replies: &["空调已恢复，我们把同层的盘管也一并检查了。", "风口已处理，给您添麻烦了。"],
    },
    Theme {
        kind: Repair,
        category: "HEATING",
        usage: Residence,
        place: None,
        often: 5,
        season: Season::Winter,
        hours: Hours::Evening,
        words: &[
            "热水器不出热水，{since}一家人都洗不了澡。",
            "{room}暖气片不热，别的房间都好。",
            "水管冻住了，{since}开始一滴水都没有。",
            "地暖分水器漏水，压力表一直往下掉。",
        ],
        work: engineer(
            "上门检查热水和供暖",
            &[
                "排气后暖气片全热。",
                "用热毛巾化冻并包了保温棉。",
                "分水器阀门更换，保压半小时不降。",
                "点火针积碳，清理后出热水。",
            ],
        ),
        replies: &["供暖已恢复，室温二十一度。", "水管已化冻并加了保温，寒潮期间夜里请留一线水。"],
    },
    Theme {
        kind: Repair,
        category: "LIFT",
        usage: Office,
        place: Some("客梯"),
        often: 2,
        season: Season::Always,
        hours: Hours::Working,
        words: &[
            "早高峰二号梯停运，大堂排了二十多人。",
            "电梯到三楼门只开一半就关上了。",
            "电梯运行时有咔咔的声音，同事都不敢坐。",
        ],
        work: Work::Order(
            "电梯维保单位",
            "lift",
            "到场检查客梯",
            &["门机皮带更换，运行百次正常。", "层门地坎清理并校正。", "曳引机润滑，异响消除。"],
        ),
        replies: &["电梯已恢复运行，维保单位本周再来复检。", "已排除故障，谢谢您的耐心。"],
    },
    Theme {
        kind: Repair,
        category: "POWER",
        usage: Office,
        place: None,
        often: 5,
        season: Season::Always,
        hours: Hours::Working,
        words: &[
            "{since}办公区一路插座没电，五个人用不了电脑。",
            "走廊应急灯一直闪。",
            "前台上方的筒灯坏了三个，客户来很难看。",
        ],
        work: electrician(
            "检查办公区配电",
            &["过载跳闸，分了一路负载。", "应急灯电池更换。", "筒灯全部换新。"],
        ),
        replies: &["用电已恢复，建议把打印机换到另一路。", "灯已更换。"],
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Shop,
        place: None,
        often: 5,
        season: Season::Wet,
        hours: Hours::Meals,
        words: &[
            "后厨下水堵了，污水倒灌，{since}没法营业。",
            "店里自来水发黄，做不了生意。",
            "隔油池满了，味道飘到店堂里。",
        ],
        work: engineer(
            "疏通商铺下水",
            &["高压疏通，抽走两车油污。", "放水五分钟后变清，已清洗过滤网。", "隔油池清掏完毕。"],
        ),
        replies: &["下水已通，请记得每周清一次隔油网。", "水质已恢复，检测报告在前台可取。"],
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Stall,
        place: None,
        often: 5,
        season: Season::Always,
        hours: Hours::Morning,
        words: &[
            "档口水龙头断了，水喷一地。",
            "档口前的排水沟堵了，鱼水流到过道上。",
            "冰柜那一路没电，{since}的货要坏了。",
        ],
        work: engineer(
            "到集市档口检修",
            &["水龙头更换。", "排水沟清掏，盖板复位。", "插座进水，换防水插座。"],
        ),
        replies: &["已修好，早市不耽误。", "沟已疏通，请不要往里倒内脏。"],
    },
    Theme {
        kind: Repair,
        category: "PUBLIC",
        usage: Residence,
        place: Some("中心花园"),
        often: 4,
        season: Season::Spring,
        hours: Hours::Evening,
        words: &[
            "儿童滑梯的螺丝松了，边上很锋利。",
            "健身器材的扶手断了一根。",
            "花园石板翘起来，老人{since}绊了一跤。",
            "长椅的木条烂了，坐不得人。",
        ],
        work: engineer(
            "检修园区设施",
            &["螺丝紧固并加了护套。", "扶手焊好，刷漆。", "石板重新铺平。", "木条全部更换。"],
        ),
        replies: &["设施已修好，并贴了检查日期。", "已经处理，谢谢您替大家留心。"],
    },
    Theme {
        kind: Repair,
        category: "FIRE",
        usage: Residence,
        place: Some("楼道"),
        often: 2,
        season: Season::Always,
        hours: Hours::Any,
        words: &[
            "消火栓箱的玻璃碎了，水带也不见了。",
            "楼道烟感一直叫，{since}吵得没法睡。",
            "常闭防火门被人用砖头顶着。",
        ],
        work: Work::Order(
            "保安部",
            "guard",
            "检查消防设施",
            &["补齐水带，玻璃更换。", "烟感积灰，清洁后复位。", "砖头清走，贴了提示。"],
        ),
        replies: &["消防设施已恢复，谢谢您的提醒。", "已处理，并把全栋查了一遍。"],
    },
];

/// What a rainstorm brings, within hours.
pub(in crate::seed) const STORM: &[Theme] = &[
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Residence,
        place: None,
        often: 10,
        season: Season::Always,
        hours: Hours::Evening,
        words: &[
            "暴雨，{room}窗边往里渗水，墙皮都鼓了。",
            "雨太大，{room}天花板在滴水，拿盆接着呢！",
            "飘窗渗水，地板泡了，麻烦快点来人。",
            "阳台地漏排不及，水快漫进客厅了。",
        ],
        work: engineer(
            "暴雨渗漏，上门排水并临时封堵",
            &["临时打胶封堵，雨停后做防水。", "疏通阳台地漏，水已退。", "外墙裂缝注胶，淋水试验不渗。"],
        ),
        replies: &["已临时封堵，天晴后重做外墙防水，时间我会提前约您。", "渗水点已处理，请再观察一场雨。"],
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Residence,
        place: Some("地下车库"),
        often: 3,
        season: Season::Always,
        hours: Hours::Evening,
        words: &["地下车库入口进水了，水往下灌！", "车库积水到脚踝，车要泡了。"],
        work: engineer("车库抽水，码沙袋", &["两台泵抽水四十分钟，积水已退。", "截水沟清淤，沙袋已码好。"]),
        replies: &["车库积水已排干，集水井泵已加一台备用。", "已排水，值班员整夜看守。"],
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Shop,
        place: None,
        often: 4,
        season: Season::Always,
        hours: Hours::Meals,
        words: &["雨水倒灌进店里，货都湿了。", "门口排水口堵了，积水快到门槛。", "招牌上面往店里漏水。"],
        work: engineer("商铺排水", &["清掉排水口树叶，水退了。", "挡水板装好，抽水完毕。"]),
        replies: &["积水已退，门口加了挡水板。", "排水口已清，物业登记了货损。"],
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Office,
        place: None,
        often: 3,
        season: Season::Always,
        hours: Hours::Working,
        words: &["幕墙接缝漏雨，滴在工位上。", "暴雨后吊顶塌了一块，还在滴水。"],
        work: engineer("幕墙渗漏临时处理", &["接缝重新打胶。", "吊顶拆除，接水后换新板。"]),
        replies: &["渗漏已处理，吊顶明日换新。", "已打胶，幕墙单位下周复查。"],
    },
];

/// The lift that keeps failing.
pub(in crate::seed) const LIFT: Theme = Theme {
    kind: Repair,
    category: "LIFT",
    usage: Residence,
    place: Some("2栋1单元客梯"),
    often: 1,
    season: Season::Always,
    hours: Hours::Any,
    words: &[
        "客梯又停了，卡在{floor}楼，里面没有人。",
        "电梯门开着不走，按什么都没用。这是第几次了？",
        "电梯下行时猛地一顿，老人吓得不轻。",
        "电梯又坏了，我住五楼带着孩子和车，怎么上去？",
        "电梯显示屏黑的，按了没反应。",
    ],
    work: Work::Order(
        "电梯维保单位",
        "lift",
        "客梯停梯，立即到场",
        &[
            "门机皮带断裂，已更换。",
            "主板受潮死机，烘干后恢复。",
            "变频器故障，换备件。",
            "平层感应器脏，清洁校正。",
            "门锁回路接触不良，重接。",
        ],
    ),
    replies: &[
        "客梯已恢复运行，维保单位将于本周复查。",
        "客梯已恢复。我们已要求维保单位提交整改方案。",
        "已换件恢复运行，大修方案正在征求业主意见。",
    ],
};
