//! What people complain of.

use super::{Theme, Work};
use crate::domain::UnitUsage::{Office, Residence, Shop, Stall};
use crate::domain::ticket::Kind::Complaint;
use crate::seed::calendar::{Hours, Season};

const fn guard(task: &'static str) -> Work {
    Work::Order("保安部", "guard", task)
}

const fn cleaner(task: &'static str) -> Work {
    Work::Order("保洁部", "cleaner", task)
}

pub(in crate::seed) const COMPLAINTS: &[Theme] = &[
    Theme {
        kind: Complaint,
        category: "NOISE",
        usage: Residence,
        place: None,
        often: 9,
        season: Season::Always,
        hours: Hours::Night,
        said: &[
            (
                "楼上{since}又在拖桌子、跑跳，到十二点都不停。",
                "已劝停，对方表示会注意，送了桌脚垫。",
                "已上门劝止，今晚我们再巡一次。",
            ),
            (
                "隔壁装修，中午也在打孔，老人没法休息。",
                "装修队停工，签了承诺书。",
                "已书面告知装修时间，若再犯请立即打前台电话。",
            ),
            (
                "楼下广场舞音响开到最大，关窗都挡不住。",
                "音响已调小，约定八点半结束。",
                "领队答应八点半结束，保安每晚去看。",
            ),
            (
                "楼上的狗半夜叫个不停，{since}到现在。",
                "联系上狗主人，已带回屋里。",
                "狗主人已道歉，我会跟进一周。",
            ),
            (
                "邻居家打麻将到凌晨，说过两次不听。",
                "上门劝止，已散。",
                "已当面提醒，若再有请随时来电，我们陪民警上门。",
            ),
        ],
        work: guard("上门劝止噪音"),
    },
    Theme {
        kind: Complaint,
        category: "CLEANING",
        usage: Residence,
        place: Some("楼道"),
        often: 7,
        season: Season::Always,
        hours: Hours::Evening,
        said: &[
            (
                "楼道里堆了{since}的垃圾没人收，都有味了。",
                "垃圾已清，地面冲洗消毒。",
                "已清理，并把该处加进每天两次的巡查。",
            ),
            ("电梯里有人吐痰，一天都没人擦。", "轿厢全面擦洗消毒。", "已擦洗，轿厢改为早中晚各一次。"),
            (
                "门口的垃圾桶满出来，野猫翻得到处都是。",
                "垃圾桶换大号，地面冲洗。",
                "换了带盖的大桶，傍晚加一次清运。",
            ),
            (
                "有人从楼上扔烟头，差点烧到晾的被子。",
                "现场清理，入户提醒十二户。",
                "已张贴提示并逐户提醒，监控会保留一个月。",
            ),
        ],
        work: cleaner("清理并消毒"),
    },
    Theme {
        kind: Complaint,
        category: "PARKING",
        usage: Residence,
        place: Some("地面停车位"),
        often: 6,
        season: Season::Always,
        hours: Hours::Evening,
        said: &[
            (
                "我的固定车位{since}被一辆外地牌照的车占了。",
                "联系车主挪走。",
                "车已挪走，门岗会核对访客车辆。",
            ),
            (
                "消防通道停满了车，真着火怎么办？",
                "贴了提示并拍照登记，六辆车已挪走。",
                "消防通道已清空，今后每晚九点巡查。",
            ),
            ("电动车停在单元门口，婴儿车推不出去。", "电动车移到车棚。", "已加装隔离柱，谢谢理解。"),
            (
                "充电桩被油车占着，投诉三次了。",
                "车主已挪车，地面喷了专用字样。",
                "充电位加了地锁，扫码才能降下。",
            ),
        ],
        work: guard("到场疏导车辆"),
    },
    Theme {
        kind: Complaint,
        category: "PARKING",
        usage: Shop,
        place: None,
        often: 4,
        season: Season::Always,
        hours: Hours::Meals,
        said: &[
            ("饭点店门口停了一排车，客人进不来。", "车已疏导，摆了锥桶。", "中午加派了一名疏导员。"),
            (
                "送货的三轮堵在门口半个小时。",
                "三轮已挪走，送货改到十点前。",
                "已通知各店十点后不得占道卸货。",
            ),
            ("隔壁店把桌子摆到我门前了。", "占道桌椅已收回。", "已和隔壁店当面说定，照片留档。"),
        ],
        work: guard("商业街疏导"),
    },
    Theme {
        kind: Complaint,
        category: "CLEANING",
        usage: Office,
        place: Some("卫生间"),
        often: 4,
        season: Season::Always,
        hours: Hours::Working,
        said: &[
            (
                "这一层卫生间{since}没有纸，地上都是水。",
                "补纸，地面拖干，水箱浮球已调。",
                "已清洁，改为每小时巡一次。",
            ),
            ("茶水间的垃圾没倒，长小飞虫了。", "垃圾清走，喷了消杀。", "茶水间改为下班前再收一次。"),
            ("卫生间异味很重，客户来了很尴尬。", "地漏加水封，异味消失。", "异味来源是地漏干了，已处理。"),
        ],
        work: cleaner("清洁卫生间和茶水间"),
    },
    Theme {
        kind: Complaint,
        category: "CLEANING",
        usage: Stall,
        place: Some("集市过道"),
        often: 4,
        season: Season::Summer,
        hours: Hours::Morning,
        said: &[
            ("过道上鱼鳞和污水没人冲，顾客都绕着走。", "高压水枪冲洗两遍。", "收市后增加一次冲洗。"),
            (
                "集市苍蝇太多，{since}没见人来消杀。",
                "全场消杀，装了两台灭蝇灯。",
                "消杀改为每天一次，直到入秋。",
            ),
            ("垃圾房门开着，臭味往档口飘。", "垃圾房清空，门已关好。", "垃圾房装了自动闭门器。"),
        ],
        work: cleaner("冲洗集市并消杀"),
    },
    Theme {
        kind: Complaint,
        category: "CLEANING",
        usage: Residence,
        place: Some("地下车库"),
        often: 3,
        season: Season::Wet,
        hours: Hours::Any,
        said: &[
            ("车库返潮，地面一层水，走路打滑。", "铺了吸水垫，开了排风。", "梅雨天每天开排风四小时。"),
            ("车库里有死老鼠，味道很大。", "已清走并消毒，投了鼠饵。", "已处理，并请消杀公司本周再来一次。"),
            ("车位旁边堆着建筑垃圾，{since}没人管。", "建筑垃圾清运完毕。", "已清运，并找到了倾倒的装修队。"),
        ],
        work: cleaner("清理车库"),
    },
    Theme {
        kind: Complaint,
        category: "NOISE",
        usage: Office,
        place: None,
        often: 2,
        season: Season::Spring,
        hours: Hours::Working,
        said: &[
            ("楼上公司装修，上班时间打冲击钻，电话会都开不成。", "", "已要求装修单位改在十八点以后施工。"),
            ("机房风机噪音大，{since}开始嗡嗡响。", "", "风机减震垫已更换，噪音降下来了。"),
        ],
        work: Work::Owner,
    },
];

/// About somebody on the staff: their login, and what is said of them.
pub(in crate::seed) const ABOUT_STAFF: &[(&str, &str)] = &[
    ("worker2", "约好上午来修，师傅下午才到，进门也不穿鞋套。"),
    ("guard", "门岗的人说话很冲，拿业主当贼看。"),
    ("cleaner", "保洁把拖把水直接倒在花坛里，说她还顶嘴。"),
    ("worker", "师傅修到一半接电话走了，螺丝丢一地。"),
    ("guard", "快递员随便放进来，访客却拦着问半天。"),
    ("gardener", "修剪绿化早上六点半就开机器，说了也不停。"),
];

/// What cannot be done, and how that is said: category, words, reply.
pub(in crate::seed) const UNREASONABLE: &[(&str, &str, &str)] = &[
    (
        "NOISE",
        "要求物业不许楼上孩子在家走路。",
        "孩子正常活动不属于噪音扰民，我们已请楼上铺地垫，也请您多体谅。",
    ),
    (
        "PARKING",
        "要求把门口的公共车位划给我家专用。",
        "公共车位依法归全体业主共有，不能划给个人；固定车位可到前台登记轮候。",
    ),
    ("CLEANING", "要求保洁每天进家里打扫。", "入户保洁是有偿服务，不在物业费范围内；需要的话我们可以代约。"),
    (
        "PARKING",
        "罚单是在小区外面吃的，要求物业赔钱。",
        "小区外的道路由交警管理，我们无权处理，抱歉不能赔付。",
    ),
];
