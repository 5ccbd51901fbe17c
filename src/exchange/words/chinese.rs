//! 中文.

use crate::exchange::refusal::Why;

pub(super) fn say(why: &Why) -> String {
    match why {
        Why::Unreadable { cause } => format!("文件打不开（{cause}）。请检查文件是否存在、是否正被其他程序占用"),
        Why::TooLarge { megabytes, limit } => {
            format!("文件有 {megabytes} MB，超过上限 {limit} MB。请拆成几个文件分别导入")
        }
        Why::Bomb { limit } => {
            format!("这个工作簿解压后超过 {limit} MB，不是正常的名册。请把数据复制到新的工作簿里再导入")
        }
        Why::Hollow => {
            "这个工作簿里几乎全是空格、空行或重复的内容，不是正常的名册。请只把有数据的行和列复制到新的工作簿里再导入".into()
        }
        Why::TooManyRows { limit } => format!("行数超过上限 {limit} 行。请拆成几个文件分别导入"),
        Why::OldWorkbook => {
            "这是旧版 .xls 文件，或者加了打开密码。请用 Excel 打开，取消密码，另存为“Excel 工作簿 (.xlsx)”再导入".into()
        }
        Why::BrokenWorkbook { cause } => {
            format!("这个工作簿读不出来（{cause}）。请用 Excel 打开，另存为“Excel 工作簿 (.xlsx)”再导入")
        }
        Why::Encoding { at } => format!(
            "第 {at} 行附近的文字既不是 UTF-8 也不是 GBK/GB18030 编码。请用 Excel 打开，另存为“CSV UTF-8（逗号分隔）”再导入"
        ),
        Why::NotText => "这不是表格文件。请用 .xlsx 工作簿，或者“CSV UTF-8（逗号分隔）”文件".into(),
        Why::WebPage => "这是网页，不是工作簿，只是起了表格的名字。请用 Excel 打开，另存为“Excel 工作簿 (.xlsx)”再导入".into(),
        Why::NothingThere => "文件里没有内容。第一行应是列名，下面每行一条记录".into(),
        Why::NoSheet { sheets } => format!("没有这个名称的工作表；文件里有：{sheets}"),
        Why::TwoColumns { other } => format!("这一列和“{other}”列是同一个意思。请只留一列"),
        Why::UnknownColumn { near } => {
            format!("不认识这个列名，最接近的有：{near}。请改列名，或在对照文件（--map）里说明，或删掉这一列")
        }
        Why::MissingColumn { names } => format!("缺少列：{names}"),
        Why::MapColumn { map } => format!("对照文件里写了“{map}”列，表格里没有这一列"),
        Why::TooManyCells { columns } => {
            format!("这一行比表头多出内容，表头只有 {columns} 列。CSV 里带逗号的文字要用双引号括起来")
        }
        Why::TooManyColumns { limit } => format!("列数超过上限 {limit} 列。请只留需要的列"),
        Why::CellTooLarge { limit } => format!("一格里的字数超过上限 {limit} 个字。请检查引号是否成对，或者把文字缩短"),
        Why::BrokenLine => {
            "这一格开头的引号没有关上，或者关上后面还有字。请补上或删掉引号；文字里本身有引号的，每个写成两个（\"\"），整格再用引号括起来".into()
        }
        Why::MergedCell { range } => {
            format!("{range} 是合并单元格，分不清值属于哪一行。请取消合并，并在每一行填上各自的值；标题行请删掉")
        }
        Why::ErrorCell => "单元格里是公式错误。请改正公式，或者改成实际的值".into(),
        Why::FormulaCell => "公式没有保存计算结果。请用 Excel 打开并保存一次，或者把公式“粘贴为数值”".into(),
        Why::FormulaText => {
            "这里是公式，不是它的结果。请用 Excel 把公式“粘贴为数值”后重新保存；确实是文字的，请在前面加一个英文单引号 '".into()
        }
        Why::BoolCell => "这里是 TRUE/FALSE，应填文字或数字".into(),
        Why::DateCell => "Excel 把它变成了日期。请把这一列设为“文本”格式，再重新填写".into(),
        Why::Scientific => "数字被 Excel 变成了科学计数法，后几位已经丢失。请把这一列设为“文本”格式，再重新填写".into(),
        Why::Missing => "这里必须填写".into(),
        Why::TooLong { length, max } => format!("有 {length} 个字，最多 {max} 个字"),
        Why::ControlCharacter => "含有看不见的控制字符。请删掉后重新填写".into(),
        Why::NotANumber => "不是数字。请只写数字，例如 89.5".into(),
        Why::NotWhole { low, high } => format!("应是 {low} 到 {high} 的整数"),
        Why::NotAFloor { low, high } => format!("不是楼层。请写 {low} 到 {high} 的整数，地下一层写 -1 或 B1"),
        Why::NotAnArea { high } => format!("不是面积。请写 0.01 到 {high} 的平方米数"),
        Why::NotADate => "不是日期。请写成 2024-01-31 或 2024年1月31日，带时间写成 2024-01-31 08:30".into(),
        Why::NoSuchTime { zone } => format!("{zone} 时区在这一刻拨了钟，没有这个时间"),
        Why::NotAPhone => "不是电话号码。请写 3 到 20 位数字，前面可以有 +；一格只写一个号码".into(),
        Why::NotOneOf { of } => format!("应是其中之一：{of}"),
        Why::NotACode => "不是小区代码。请写 2 到 8 个大写字母或数字，例如 XH".into(),
        Why::NotAZone => "不是时区。请写 Asia/Shanghai 这样的名称".into(),
        Why::NoCommunity { code } if code.is_empty() => {
            "没有说明是哪个小区。请填“小区代码”列，或者导入时加 --community 代码".into()
        }
        Why::NoCommunity { code } => format!("没有代码为 {code} 的小区"),
        Why::CommunityNeedsName { code } => {
            format!("没有代码为 {code} 的小区。要新建，请同时填“小区名称”列；否则请改正代码")
        }
        Why::EntranceAlone => "填了单元，没有填楼栋。请填上楼栋".into(),
        Why::UnitNeedsNumber => "填了房屋或入住的内容，没有填房号。请填上房号".into(),
        Why::PersonNeedsName => "填了住户的内容，没有填姓名。请填上姓名".into(),
        Why::EndsBeforeBegin { from } => format!("比开始日期 {from} 还早。请改正其中一个"),
        Why::ThereAlready { from, to } if to.is_empty() => {
            format!("此人从 {from} 起已经以同样身份在这个房号里。请改正日期，或删掉这一行")
        }
        Why::ThereAlready { from, to } => {
            format!("此人从 {from} 到 {to} 以同样身份在这个房号里，与这里的日期重叠。请改正日期")
        }
        Why::OtherName { name } => format!("这个编号是“{name}”的，与这一行的姓名不同。请核对编号和姓名"),
        Why::ClosedOn { day } => format!("已于 {day} 停用，不会因旧名册而重新启用。请删掉这一行；确需重新启用的，请在系统里新建"),
        Why::NoReference => "没有这个编号的住户".into(),
        Why::NoBuilding { building } => format!("小区里没有楼栋“{building}”。请先导入名册，或改正楼栋"),
        Why::NoEntrance { entrance } => format!("楼栋里没有单元“{entrance}”。请先导入名册，或改正单元"),
        Why::NoUnit { unit } => format!("没有房号“{unit}”。请先导入名册，或改正房号"),
        Why::PlaceNeeded => "没有说明在哪里。请填房号、楼栋或者地点".into(),
        Why::TicketNeedsReference => {
            "没有编号。请填“工单编号”或“外部编号”，否则再导入一次就会重复".into()
        }
        Why::NotATicketNumber { example } => format!("不是工单编号。应像 {example}；别的系统的编号请填“外部编号”列"),
        Why::OtherTicket { number } => format!("这个外部编号已经是工单 {number} 的"),
        Why::TicketTwice => "前面的某一行已经是这张工单。请只留一行".into(),
        Why::NoCategory { category } => {
            format!("没有分类“{category}”。请先建好分类，或改正；也可以加 --create categories 自动新建")
        }
        Why::CategoryOfOtherKind => "这个分类不能用于这种工单。请改分类或类型".into(),
        Why::NoStaff { name } => {
            format!("没有叫“{name}”的员工。请先建好员工，或改正；也可以加 --create staff 自动新建")
        }
        Why::ManyStaff { name } => format!("有几位员工都叫“{name}”。请写成“姓名 (电话)”"),
        Why::NoTeam { name } => format!("小区里没有叫“{name}”的部门。请先建好部门，或改正；也可以加 --create staff 自动新建"),
        Why::OwnerNeeded { status } => format!("状态是“{status}”，必须有负责人。请填负责人，或把状态改为“新建”"),
        Why::TimeNeeded { status } => format!("状态是“{status}”，必须有时间。请填上"),
        Why::BeforeItsCause { cause } => format!("比“{cause}”还早。请改正其中一个"),
        Why::InFuture => "这个时间还没有到。请改正".into(),
        Why::NoTicket { number } => format!("没有工单 {number}，表格里也没有。请改正"),
        Why::RatingTooEarly { status } => format!("状态是“{status}”，还不能评分。请去掉评分，或改正状态"),
        Why::WordsOfErased => "这张工单的文字已随个人信息一并抹除。请把这一格留空，或者去掉“抹除时间”".into(),
    }
}
