//! What breaks.

use super::{Theme, Work};
use crate::domain::UnitUsage::{Office, Residence, Shop, Stall};
use crate::domain::ticket::Kind::Repair;
use crate::seed::calendar::{Hours, Season};

const fn engineer(task: &'static str) -> Work {
    Work::Order("工程部", "worker", task)
}

const fn electrician(task: &'static str) -> Work {
    Work::Order("工程部", "worker2", task)
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
        said: &[
            (
                "{room}的水龙头关不紧，{since}开始一直滴。",
                "更换阀芯，水压正常，不再滴水。",
                "阀芯已更换，质保半年。",
            ),
            (
                "{room}地漏反水，一开洗衣机就往外冒。",
                "主管道疏通三米，排水恢复。",
                "管道已疏通，建议换一个防臭地漏芯，我们可以代购。",
            ),
            (
                "水管接头漏水，{since}发现的，地板都泡起来了。",
                "换了角阀和软管，通水半小时不漏。",
                "已修好并试水，若再渗漏请随时找我。",
            ),
            (
                "马桶冲不下去，{since}叫人通过一次又堵了。",
                "拆下马桶，取出一块抹布，装回试冲正常。",
                "堵的东西已取出，请留意孩子往里丢东西。",
            ),
            (
                "{room}水压特别小，洗个澡要半个小时。",
                "清洗过滤网，更换减压阀。",
                "水压已恢复，过滤网建议半年洗一次。",
            ),
        ],
        work: engineer("上门检查给排水"),
    },
    Theme {
        kind: Repair,
        category: "POWER",
        usage: Residence,
        place: None,
        often: 8,
        season: Season::Always,
        hours: Hours::Evening,
        said: &[
            (
                "{since}跳闸，推上去又跳，{room}没有电。",
                "空开老化，已更换，测负载正常。",
                "已更换空开，请勿在同一路上接两台大功率电器。",
            ),
            ("{room}的插座冒火花，不敢用了。", "插座接线松动，重接并换面板。", "接线已重做，可以放心使用。"),
            (
                "家里一半的灯不亮，{since}开始的。",
                "零线虚接，重新压接，绝缘测试合格。",
                "线路已恢复，全屋测试正常。",
            ),
            (
                "电表箱嗡嗡响，靠近有焦味。",
                "接线端子发热，重新压接并除尘。",
                "电表箱已处理，明天我再来看一次温度。",
            ),
        ],
        work: electrician("上门检查线路"),
    },
    Theme {
        kind: Repair,
        category: "POWER",
        usage: Residence,
        place: Some("楼道"),
        often: 7,
        season: Season::Always,
        hours: Hours::Evening,
        said: &[
            (
                "楼道的声控灯{since}就不亮了，老人下楼要摸黑。",
                "换了感应头和灯泡。",
                "楼道灯已修好，并把上下两层的一并检查了。",
            ),
            ("一楼大堂的灯一闪一闪的，晃眼。", "整流器坏，已换成LED灯管。", "大堂的灯已换新。"),
            ("我家门口过道的灯坏了，钥匙孔都看不见。", "线路接头氧化，处理后正常。", "过道灯已恢复。"),
        ],
        work: electrician("检修公共照明"),
    },
    Theme {
        kind: Repair,
        category: "DOOR",
        usage: Residence,
        place: Some("单元门"),
        often: 6,
        season: Season::Always,
        hours: Hours::Any,
        said: &[
            (
                "单元门关不上，{since}谁都能进来。",
                "调整闭门器，门能自动锁上。",
                "单元门已能自动关好，感谢您及时告诉我们。",
            ),
            ("门禁刷卡没反应，对讲也不通。", "更换读卡器，对讲主机重启，逐户试过。", "门禁和对讲都已恢复。"),
            ("单元门的闭门器漏油，关门像打雷一样响。", "更换闭门器。", "闭门器已更换，开关都安静了。"),
        ],
        work: engineer("检修单元门禁"),
    },
    Theme {
        kind: Repair,
        category: "DOOR",
        usage: Residence,
        place: None,
        often: 4,
        season: Season::Always,
        hours: Hours::Any,
        said: &[
            (
                "入户门锁转不动，{since}差点进不了家。",
                "锁芯润滑并校正，开关顺畅。",
                "门锁已修好，两年以上的锁芯建议更换。",
            ),
            ("{room}的窗户关不严，漏风。", "更换窗锁点和密封条。", "密封条已更换，如仍漏风请告诉我。"),
            ("纱窗滑轮坏了，推不动。", "换了滑轮，推拉正常。", "纱窗已修好。"),
        ],
        work: engineer("上门检修门窗"),
    },
    Theme {
        kind: Repair,
        category: "AIRCON",
        usage: Residence,
        place: None,
        often: 4,
        season: Season::Summer,
        hours: Hours::Evening,
        said: &[
            (
                "楼上空调外机滴水滴到我家窗台上，{since}没停过。",
                "冷凝水管接入排水立管。",
                "冷凝水已改接，不会再滴到窗台。",
            ),
            (
                "{room}空调不制冷，室外机不转，孩子热得睡不着。",
                "空开和电容已换，外机运转正常。",
                "空调已恢复制冷，滤网建议每月洗一次。",
            ),
            (
                "空调排水管堵了，{room}墙面渗水。",
                "冷凝水管疏通，墙面晾干。",
                "排水管已通，墙面干透后我们来补漆。",
            ),
        ],
        work: electrician("检查空调电源和冷凝水管"),
    },
    Theme {
        kind: Repair,
        category: "AIRCON",
        usage: Office,
        place: None,
        often: 7,
        season: Season::Summer,
        hours: Hours::Working,
        said: &[
            (
                "办公区空调只吹风不冷，室内三十度了，没法上班。",
                "电动阀卡死，已换，出风十四度。",
                "空调已恢复，同层的盘管也一并检查了。",
            ),
            ("会议室风口往下滴水，桌上全湿了。", "接水盘堵，清理后不再滴水。", "风口已处理，给您添麻烦了。"),
            (
                "{since}加班时空调被关了，机房温度报警。",
                "机房支路改为常开。",
                "机房空调已单独控制，不再随楼关机。",
            ),
        ],
        work: electrician("检查风机盘管和冷水阀"),
    },
    Theme {
        kind: Repair,
        category: "HEATING",
        usage: Residence,
        place: None,
        often: 5,
        season: Season::Winter,
        hours: Hours::Evening,
        said: &[
            (
                "热水器不出热水，{since}一家人都洗不了澡。",
                "点火针积碳，清理后出热水。",
                "热水已恢复，建议每年保养一次。",
            ),
            ("{room}暖气片不热，别的房间都好。", "排气后暖气片全热。", "暖气已热，室温二十一度。"),
            (
                "水管冻住了，{since}开始一滴水都没有。",
                "用热毛巾化冻并包了保温棉。",
                "水管已化冻并加了保温，寒潮期间夜里请留一线水。",
            ),
            (
                "地暖分水器漏水，压力表一直往下掉。",
                "分水器阀门更换，保压半小时不降。",
                "分水器已修好，请再观察一晚压力表。",
            ),
        ],
        work: engineer("上门检查热水和供暖"),
    },
    Theme {
        kind: Repair,
        category: "LIFT",
        usage: Office,
        place: Some("客梯"),
        often: 2,
        season: Season::Always,
        hours: Hours::Working,
        said: &[
            (
                "早高峰二号梯停运，大堂排了二十多人。",
                "门机皮带更换，运行百次正常。",
                "电梯已恢复运行，维保单位本周再来复检。",
            ),
            ("电梯到三楼门只开一半就关上了。", "层门地坎清理并校正。", "三楼层门已校正，谢谢您的提醒。"),
            (
                "电梯运行时有咔咔的声音，同事都不敢坐。",
                "导靴磨损，已换，异响消除。",
                "异响已排除，检验合格证在轿厢内。",
            ),
        ],
        work: Work::Order("电梯维保单位", "lift", "到场检查客梯"),
    },
    Theme {
        kind: Repair,
        category: "POWER",
        usage: Office,
        place: None,
        often: 5,
        season: Season::Always,
        hours: Hours::Working,
        said: &[
            (
                "{since}办公区一路插座没电，五个人用不了电脑。",
                "过载跳闸，分了一路负载。",
                "用电已恢复，建议把打印机换到另一路。",
            ),
            ("走廊应急灯一直闪。", "应急灯电池更换。", "应急灯已修好，断电测试正常。"),
            ("前台上方的筒灯坏了三个，客户来很难看。", "筒灯全部换新。", "灯已换新，色温和原来一致。"),
        ],
        work: electrician("检查办公区配电"),
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Shop,
        place: None,
        often: 5,
        season: Season::Wet,
        hours: Hours::Meals,
        said: &[
            (
                "后厨下水堵了，污水倒灌，{since}没法营业。",
                "高压疏通，抽走两车油污。",
                "下水已通，请记得每周清一次隔油网。",
            ),
            (
                "店里自来水发黄，做不了生意。",
                "放水五分钟后变清，过滤网已清洗。",
                "水质已恢复，检测报告在前台可取。",
            ),
            ("隔油池满了，味道飘到店堂里。", "隔油池清掏完毕。", "已清掏，以后每月一次，日期贴在池盖上。"),
        ],
        work: engineer("疏通商铺下水"),
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Stall,
        place: None,
        often: 5,
        season: Season::Always,
        hours: Hours::Morning,
        said: &[
            ("档口水龙头断了，水喷一地。", "水龙头更换。", "水龙头已换，早市不耽误。"),
            (
                "档口前的排水沟堵了，鱼水流到过道上。",
                "排水沟清掏，盖板复位。",
                "沟已疏通，请不要往里倒内脏。",
            ),
            ("冰柜那一路没电，{since}的货要坏了。", "插座进水，换防水插座。", "冰柜已通电，插座换成防水的。"),
        ],
        work: engineer("到集市档口检修"),
    },
    Theme {
        kind: Repair,
        category: "PUBLIC",
        usage: Residence,
        place: Some("中心花园"),
        often: 4,
        season: Season::Spring,
        hours: Hours::Evening,
        said: &[
            ("儿童滑梯的螺丝松了，边上很锋利。", "螺丝紧固并加了护套。", "滑梯已修好，并贴了检查日期。"),
            ("健身器材的扶手断了一根。", "扶手焊好，刷漆。", "扶手已焊好，油漆干后可用。"),
            (
                "花园石板翘起来，老人{since}绊了一跤。",
                "石板重新铺平。",
                "石板已铺平，祝老人家平安，谢谢您替大家留心。",
            ),
            ("长椅的木条烂了，坐不得人。", "木条全部更换。", "长椅已换新木条。"),
        ],
        work: engineer("检修园区设施"),
    },
    Theme {
        kind: Repair,
        category: "FIRE",
        usage: Residence,
        place: Some("楼道"),
        often: 2,
        season: Season::Always,
        hours: Hours::Any,
        said: &[
            (
                "消火栓箱的玻璃碎了，水带也不见了。",
                "补齐水带，玻璃更换。",
                "消火栓已恢复，并把全栋查了一遍。",
            ),
            (
                "楼道烟感一直叫，{since}吵得没法睡。",
                "烟感积灰，清洁后复位。",
                "烟感已复位，若再误报请马上告诉我们。",
            ),
            ("常闭防火门被人用砖头顶着。", "砖头清走，贴了提示。", "防火门已能自动关闭，谢谢您的提醒。"),
        ],
        work: Work::Order("保安部", "guard", "检查消防设施"),
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
        said: &[
            (
                "暴雨，{room}窗边往里渗水，墙皮都鼓了。",
                "临时打胶封堵，雨停后做防水。",
                "已临时封堵，天晴后重做外墙防水，时间我会提前约您。",
            ),
            (
                "雨太大，{room}天花板在滴水，拿盆接着呢！",
                "外墙裂缝注胶，淋水试验不渗。",
                "渗水点已处理，请再观察一场雨。",
            ),
            ("飘窗渗水，地板泡了，麻烦快点来人。", "飘窗接缝重新打胶。", "飘窗已打胶，地板受损已拍照登记。"),
            (
                "阳台地漏排不及，水快漫进客厅了。",
                "疏通阳台地漏，水已退。",
                "地漏已通，请把阳台的落叶清一清。",
            ),
        ],
        work: engineer("暴雨渗漏，上门排水并临时封堵"),
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Residence,
        place: Some("地下车库"),
        often: 3,
        season: Season::Always,
        hours: Hours::Evening,
        said: &[
            ("地下车库入口进水了，水往下灌！", "截水沟清淤，沙袋已码好。", "已排水，值班员整夜看守。"),
            (
                "车库积水到脚踝，车要泡了。",
                "两台泵抽水四十分钟，积水已退。",
                "车库积水已排干，集水井加了一台备用泵。",
            ),
        ],
        work: engineer("车库抽水，码沙袋"),
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Shop,
        place: None,
        often: 4,
        season: Season::Always,
        hours: Hours::Meals,
        said: &[
            ("雨水倒灌进店里，货都湿了。", "挡水板装好，抽水完毕。", "积水已退，物业登记了货损。"),
            ("门口排水口堵了，积水快到门槛。", "清掉排水口树叶，水退了。", "排水口已清，雨天每小时看一次。"),
            ("招牌上面往店里漏水。", "招牌接缝打胶。", "接缝已打胶，雨停后再看一次。"),
        ],
        work: engineer("商铺排水"),
    },
    Theme {
        kind: Repair,
        category: "WATER",
        usage: Office,
        place: None,
        often: 3,
        season: Season::Always,
        hours: Hours::Working,
        said: &[
            ("幕墙接缝漏雨，滴在工位上。", "接缝重新打胶。", "已打胶，幕墙单位下周复查。"),
            ("暴雨后吊顶塌了一块，还在滴水。", "吊顶拆除，接水后换新板。", "渗漏已处理，吊顶明日换新。"),
        ],
        work: engineer("幕墙渗漏临时处理"),
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
    said: &[
        (
            "客梯又停了，卡在{floor}楼，里面没有人。",
            "门机皮带断裂，已更换。",
            "客梯已恢复运行，维保单位将于本周复查。",
        ),
        (
            "电梯门开着不走，按什么都没用。这是第几次了？",
            "门锁回路接触不良，重接。",
            "客梯已恢复。我们已要求维保单位提交整改方案。",
        ),
        (
            "电梯下行时猛地一顿，老人吓得不轻。",
            "平层感应器脏，清洁校正。",
            "已校正并试运行一小时，请代我们向老人家道歉。",
        ),
        (
            "电梯又坏了，我住五楼带着孩子和车，怎么上去？",
            "变频器故障，换备件。",
            "已换件恢复运行，值班员可以帮您把车抬上去。",
        ),
        (
            "电梯显示屏黑的，按了没反应。",
            "主板受潮死机，烘干后恢复。",
            "已恢复运行，大修方案正在征求业主意见。",
        ),
    ],
    work: Work::Order("电梯维保单位", "lift", "客梯停梯，立即到场"),
};
