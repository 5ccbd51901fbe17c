//! What people ask for, ask about, or propose.

use super::{Theme, Work};
use crate::domain::UnitUsage::{Office, Residence, Shop, Stall};
use crate::domain::ticket::Kind::{Enquiry, Service, Suggestion};
use crate::seed::calendar::{Hours, Season};

pub(in crate::seed) const REQUESTS: &[Theme] = &[
    Theme {
        kind: Enquiry,
        category: "FEES",
        usage: Residence,
        place: None,
        often: 9,
        season: Season::Always,
        hours: Hours::Any,
        said: &[
            ("请问本季度物业费什么时候可以开票？", "", "每季度首月15日起可在前台开票，也可以预约电子发票。"),
            (
                "水费比上个月多了一倍，能帮忙查一下吗？",
                "",
                "已核对读数，上月有两天估抄，本月一并补上，明细发您手机。",
            ),
            ("想问停车月卡怎么续，可以线上交吗？", "", "月卡可在前台或公众号续，当天生效。"),
            ("房子要出租，租客的门禁卡怎么办？", "", "请带房产证明和租赁合同到前台登记，十分钟办好。"),
            ("装修押金什么时候能退？需要带什么？", "", "验收合格后七个工作日内退回原账户，带押金收据即可。"),
        ],
        work: Work::Answer("desk"),
    },
    Theme {
        kind: Enquiry,
        category: "FEES",
        usage: Office,
        place: None,
        often: 4,
        season: Season::Always,
        hours: Hours::Working,
        said: &[
            ("公司要增值税专票，资料发哪里？", "", "资料发到前台邮箱即可，次月5日前开出。"),
            ("加班空调怎么收费，需要提前多久申请？", "", "延时空调按小时计，当天十六点前告诉前台。"),
            ("想加租隔壁一间，找谁谈？", "", "招商由客户服务部负责，经理会给您回电。"),
        ],
        work: Work::Answer("cashier"),
    },
    Theme {
        kind: Enquiry,
        category: "FEES",
        usage: Shop,
        place: None,
        often: 2,
        season: Season::Always,
        hours: Hours::Working,
        said: &[
            ("换招牌要走什么手续？", "", "请提交效果图，三个工作日内答复，夜间施工另行申请。"),
            ("垃圾清运费今年怎么涨了？", "", "因清运标准调整，公示在一楼大厅，欢迎查看。"),
        ],
        work: Work::Answer("desk"),
    },
    Theme {
        kind: Suggestion,
        category: "GREEN",
        usage: Residence,
        place: Some("中心花园"),
        often: 4,
        season: Season::Spring,
        hours: Hours::Evening,
        said: &[
            ("建议在沙坑边装一圈矮栏杆，小孩容易跑出去。", "", "已采纳，预计两周内装好。"),
            (
                "建议把东门晚上关门时间改到十一点半，晚归的人太多。",
                "",
                "谢谢建议，已列入下月业委会沟通事项。",
            ),
            ("建议多装几个电动车充电口，天天排队。", "", "好主意，已请工程部报价，定了会公示。"),
            (
                "建议给流浪猫设固定投喂点，省得到处都是猫粮。",
                "",
                "和几位爱猫的业主商量过，设在北墙角，下周挂牌。",
            ),
            ("花坛的花谢了，建议换成四季常绿的。", "", "绿化部已排进换季计划，品种会先公示。"),
        ],
        work: Work::Answer("manager"),
    },
    Theme {
        kind: Service,
        category: "HOUSEHOLD",
        usage: Residence,
        place: None,
        often: 6,
        season: Season::Always,
        hours: Hours::Any,
        said: &[
            (
                "想约一次入户保洁，三房两厅，周末最好。",
                "两人三小时，住户当场验收。",
                "服务已完成，费用随当月账单。",
            ),
            (
                "老人一个人在家，想请人帮忙换个灯泡。",
                "灯泡已换，顺手擦了灯罩。",
                "灯泡已换好，不收费。老人家有事随时打前台。",
            ),
            (
                "要搬一张旧沙发下楼，能帮忙叫两个人吗？",
                "沙发已搬到大件垃圾点。",
                "已搬好，大件垃圾周三清运。",
            ),
            (
                "家里闹蟑螂，请安排灭蟑。",
                "厨房和卫生间投了药，两周后复查。",
                "已上门灭蟑，两周后我再约您复查。",
            ),
        ],
        work: Work::Order("保洁部", "cleaner", "按预约时间上门服务"),
    },
    Theme {
        kind: Service,
        category: "HOUSEHOLD",
        usage: Residence,
        place: None,
        often: 2,
        season: Season::Summer,
        hours: Hours::Evening,
        said: &[
            (
                "蚊子太多，想请人来家里喷一次药。",
                "喷药完毕，提醒通风两小时。",
                "已完成，两周后可以再约一次。",
            ),
            ("空调滤网自己拆不下来，想约人清洗。", "三台空调滤网洗净装回。", "清洗好了，制冷会快一些。"),
        ],
        work: Work::Order("保洁部", "cleaner", "上门消杀或清洗"),
    },
    Theme {
        kind: Service,
        category: "HOUSEHOLD",
        usage: Stall,
        place: None,
        often: 2,
        season: Season::Always,
        hours: Hours::Morning,
        said: &[
            (
                "想借一台推车卸货，早上五点半。",
                "推车已借出并归还。",
                "推车每天五点起可借，前一天说一声就行。",
            ),
            ("档口招牌灯箱请帮忙擦洗一次。", "灯箱擦洗完毕。", "已擦干净，祝生意兴隆。"),
        ],
        work: Work::Order("保洁部", "cleaner", "集市便民服务"),
    },
];
