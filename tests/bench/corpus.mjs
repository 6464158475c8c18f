// The text that is measured: guides of the size and the parts of ours, in
// Chinese that nobody needs to read, the same on every machine.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const things = ['证书', '单位信息', '申请材料', '联系方式', '办理结果', '登记表',
    '授权书', '身份证明', '有效期', '经办人', '印章样式', '业务编号', '审核意见',
    '领取方式', '邮寄地址', '开户资料', '项目名称', '报名记录', '电子文件', '回执'];
const people = ['经办人', '管理员', '申请单位', '工作人员', '持锁人', '项目负责人',
    '审核人员', '窗口人员'];
const acts = ['核对', '填写', '保存', '提交', '打印', '查看', '修改', '确认', '补充',
    '下载', '选择', '登记'];
const places = ['个人中心', '办理页面', '服务大厅', '业务列表', '详情页面', '材料页面',
    '进度页面', '首页右上角'];
const times = ['当天', '第二个工作日', '三个工作日内', '提交以后', '审核期间',
    '办理之前', '收到通知后', '离开页面之前'];
const reasons = ['内容前后一致', '号码没有写错', '日期已经更新', '文件能够打开',
    '印章清楚完整', '联系方式有效', '名称与登记相符', '材料没有缺页'];

// Mulberry32: small, good enough, and the same everywhere.
function random(seed) {
    let state = seed;

    return (count) => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);

        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;

        return ((t ^ (t >>> 14)) >>> 0) % count;
    };
}

function writer(seed) {
    const next = random(seed);
    const pick = (list) => list[next(list.length)];
    const sentences = [
        () => `${pick(times)}，${pick(people)}在${pick(places)}${pick(acts)}`
            + `${pick(things)}。`,
        () => `请先${pick(acts)}${pick(things)}，再${pick(acts)}${pick(things)}`
            + `，保证${pick(reasons)}。`,
        () => `${pick(people)}会${pick(acts)}${pick(things)}，看${pick(reasons)}。`,
        () => `**${pick(things)}**由${pick(people)}${pick(acts)}，结果在`
            + `${pick(places)}里看。`,
        () => `如果要${pick(acts)}${pick(things)}，可以到${pick(places)}，`
            + `按【${pick(acts)}${pick(things)}】的提示做。`,
        () => `办完以后，${pick(things)}和${pick(things)}都在${pick(places)}里。`,
    ];
    const words = {
        pick,
        sentence: () => pick(sentences)(),
        prose: (count) => Array.from({ length: count }, words.sentence).join(''),
        action: () => `在${pick(places)}点【${pick(acts)}${pick(things)}】`,
    };

    return words;
}

function step(w, at) {
    const lines = [`## ${w.pick(acts)}${w.pick(things)} {#step-${at}}`, '',
        w.prose(3), '',
        `1. ${w.action()}。`, `2. ${w.action()}，**${w.pick(acts)}**以后继续。`,
        `3. ${w.action()}，等页面出现${w.pick(things)}。`, '',
        w.prose(3), '',
        `费用见[算费用](/price/)，${at > 1 ? '前面的内容见[上一步](#step-'
            + `${at - 1})` : '全部步骤见[指南](/guide/)'}。${w.prose(2)}`, ''];

    if (at === 2) {
        lines.push('```note', `${w.pick(acts)}之前先看`, w.prose(2), '```', '');
    }

    if (at === 4) {
        lines.push(`\`\`\`problem 找不到${w.pick(things)}怎么办`, w.prose(2),
            '```', '');
    }

    return lines;
}

export function guide(number) {
    const w = writer(number);
    const lines = ['---',
        `title: ${w.pick(acts)}${w.pick(things)}（第 ${number} 号）`,
        `summary: ${w.sentence()}`.replaceAll('**', ''),
        'updated: 2021-06-18',
        `order: ${number % 1000}`,
        `who: ${w.pick(people)}或${w.pick(people)}`,
        'time: 约 5 分钟',
        'fee: 见价格页面',
        `result: ${w.pick(things)}办好以后在${w.pick(places)}里看`,
        `need: ${w.pick(things)}和${w.pick(things)}`,
        '---', '', w.prose(4), '', `# ${w.pick(acts)}${w.pick(things)}`, ''];

    for (let at = 1; at <= 5; at++) {
        lines.push(...step(w, at));
    }

    return lines.join('\n');
}

export function name(number) {
    return `bench-${String(number).padStart(5, '0')}.md`;
}

// Write so many guides into a folder; returns their bytes.
export function write(folder, count) {
    let bytes = 0;

    mkdirSync(folder, { recursive: true });

    for (let number = 1; number <= count; number++) {
        const text = Buffer.from(guide(number));

        writeFileSync(path.join(folder, name(number)), text);
        bytes += text.length;
    }

    return bytes;
}
