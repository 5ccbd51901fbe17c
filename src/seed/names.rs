//! What people, offices, shops and stalls are called.

use super::chance::Chance;
use crate::domain::UnitUsage;

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "董", "萧", "程", "欧阳", "司徒",
];

const GIVEN: &[&str] = &[
    "建华", "秀兰", "志强", "丽娟", "晓东", "雅琴", "文博", "子涵", "雨桐", "浩然", "海燕", "国庆", "美玲",
    "俊杰", "思远", "佳怡", "永康", "红梅", "天宇", "诗琪", "明轩", "桂芳", "立新", "若曦", "振华", "慧敏",
    "家豪", "春燕", "一鸣", "晓彤",
];

const TRADES: &[(UnitUsage, &[&str], &[&str])] = &[
    (
        UnitUsage::Office,
        &["启明", "汇智", "蓝海", "创联", "金桥", "弘毅", "云帆", "嘉禾", "锐思", "同心"],
        &["科技", "会计师事务所", "广告", "贸易", "教育咨询", "建筑设计", "律师事务所", "网络"],
    ),
    (
        UnitUsage::Shop,
        &["小城", "阿婆", "百味", "春天", "老街", "晨光", "乐家", "美时", "福满", "四季"],
        &["面包房", "药房", "理发店", "饺子馆", "洗衣店", "奶茶店", "五金店", "花店"],
    ),
    (
        UnitUsage::Stall,
        &["老陈", "阿英", "小胖", "罗姐", "丰记", "强哥", "三婶", "湖边"],
        &["蔬菜档", "鱼档", "肉档", "熟食档", "干货档", "水果档"],
    ),
];

/// A name for whoever is in a unit of this use.
pub(super) fn draw(usage: UnitUsage, chance: &mut Chance) -> String {
    let trade = TRADES.iter().find(|(of, ..)| *of == usage);
    let (first, last) = trade.map_or((SURNAMES, GIVEN), |(_, first, last)| (*first, *last));
    format!("{}{}", chance.pick(first), chance.pick(last))
}
