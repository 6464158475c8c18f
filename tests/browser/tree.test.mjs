// What a screen reader says of the wizard: the accessibility tree of its pages
// in their main states, their titles, headings and messages, and where the
// focus is.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { stage } from './stage.mjs';
import { adds, described, focused, plain, says, stands, tree }
    from './tree.mjs';
import { arrive, cashier, complaints, live, next, noInvoice, orders, resume,
    signIn, toCheck, toPay, toPlatforms, words } from './way.mjs';


describe('what a screen reader says of the wizard', () => {
    const scene = stage({ each: true });

    it('of signing in, and of certificates', async (t) => {
        const page = await scene.open(t);

        await page.goto('/apply/');
        await page.waitForSelector('[name=holder]');
        await stands(page, 1, '选择证书');
        await says(page, `
        heading "选择证书" [level=1]
        group "选择登录的身份", listitem, heading "企业：管理员，可为本企业人员新增平台" [level=3]
        listitem, radio "管理员 王某某（锦州某某招标代理，五把锁） 锦州某某招标代理有限公司"
        listitem, heading "个人：项目负责人或授权委托人" [level=3]
        listitem, radio "项目负责人 刘某某（CFCA 锁，约 80 天到期） 辽宁某某建设工程有限公司"
        listitem, radio "个人 陈某某（新锁，还没有平台） 大连某某工程咨询有限公司"
        listitem, radio "个人 郑某某（锁已过期） 鞍山某某市政工程有限公司"
        listitem, radio "个人 冯某某（中孚 KEY，不能在线新增） 锦州某某监理有限公司"
        paragraph, button "登录"
        complementary "办理前准备"
          listitem: CA 锁，插在这台电脑上。
          listitem: 开发票用的抬头和纳税人识别号。
          listitem: 支付宝或微信。
          paragraph: 每次给一张证书新增平台。管理员可以选本企业人员的证书。`);

        const before = await tree(page);

        await next(page).click();
        await stands(page, 1, '选择证书', '请检查以下内容', '错误：');
        await page.click('[data-errors] a');
        assert.equal(await focused(page),
            '管理员 王某某（锦州某某招标代理，五把锁）');

        await signIn(page, 'manager');
        await page.waitForFunction(() =>
            document.activeElement.name === 'certificate');
        await stands(page, 1, '选择证书', '王某某');
        assert.match(await page.locator('[data-who]').ariaSnapshot(),
            /已登录： 王某某（管理员） 锦州某某招标代理有限公司/);
        await adds(page, before, `
        group "选择一张证书", listitem
          radio "王某某 DEMO1001 · 企业锁 · CFCA · 已有 5 个平台 有效期至 DATE"
          group: 查看详情 王某某
        listitem
          radio "赵某某 DEMO1002 · 法人锁 · CFCA · 已有 2 个平台 有效期至 DATE N 天到期，建议先延期"
          group: 查看详情 赵某某
        listitem
          text: 孙某某 DEMO1003 · 项目负责人锁 · 中孚 · 已有 2 个平台 有效期至 DATE 中孚 KEY，请先申请补办
          group: 查看详情 孙某某
        listitem
          text: 李某某 DEMO1004 · 造价工程师锁 · CFCA · 已有 11 个平台 有效期至 DATE 已有全部平台
          group: 查看详情 李某某
        listitem
          text: 周某某 DEMO1005 · 项目负责人锁 · CFCA · 已有 1 个平台 有效期至 DATE 已过期，请先延期年检
          group: 查看详情 周某某
        paragraph, button "下一步：阅读须知"`);
        assert.deepEqual(complaints(page), []);
    });

    it('of the way to an order', async (t) => {
        const page = await scene.open(t);

        await signIn(page, 'project-leader');
        await next(page).click();
        await live(page, '/apply/notice/');
        await stands(page, 2, '用户须知');
        await says(page, `
        paragraph, link "上一步"
        heading "用户须知" [level=1]
        paragraph: 给 刘某某 的证书新增，锁序列号 DEMO0001，有效期至 DATE。
        heading "费用" [level=2]
        listitem: 套餐 250 元，含 4 个省级平台，还含企业注册地的 1 个市级平台。
        listitem: 套餐含的平台，以后再加不另收费。
        listitem: 其他城市的市级平台，每个 50 元一年，按证书剩余的月数计。
        listitem: 系统里写的【数字证书费】【电子签章费】，本站一律叫费用，以应付金额为准。
        table "例：企业注册地为锦州市，第一次办理"
          caption: 例：企业注册地为锦州市，第一次办理
          row "本次新增 费用"
          row "辽宁建设工程信息网、辽宁省招标投标监管网、辽宁省政府采购平台、辽宁省公共资源平台、锦州市公共资源平台 250 元"
        table "例：企业注册地为锦州市，已有平台，证书还剩 6 个月"
          caption: 例：企业注册地为锦州市，已有平台，证书还剩 6 个月
          row "本次新增 费用"
          row "鞍山市公共资源平台 25 元"
          row "鞍山市公共资源平台、大连市公共资源平台 50 元"
        paragraph: 按自己的情况算一算，见 link "费用" 。
        heading "付款后不能变更" [level=2]
        paragraph: 付款成功后，平台不能调换或变更。请按业务区域和诚信库注册的实际情况勾选。
        heading "中孚 KEY" [level=2]
        paragraph: 中孚 KEY 的厂商已停止技术服务，硬件可能无法识别，不能在线新增平台。请先 link "申请补办" 。
        heading "入库" [level=2]
        paragraph: 单位或人员已在平台入库的，付款成功后登录即可使用。没有入库的，请先到该平台办理。
        paragraph, button "我已读完，下一步：选择平台"`);

        await next(page).click();
        await live(page, '/apply/platforms/');
        await stands(page, 3, '选择要新增的平台');

        // The first box is of a platform that is held: it cannot be seen.
        const none = await tree(page);

        await next(page).click();
        await stands(page, 3, '选择要新增的平台', '请检查以下内容', '错误：');
        await adds(page, none, `
        heading "请检查以下内容" [level=2]
        listitem, link "请至少选择 1 个平台"`);
        await page.click('[data-errors] a');
        assert.equal(await focused(page), '辽宁省公共资源平台');
        await page.reload();
        await live(page, '/apply/platforms/');

        const status = page.locator('[data-say]');

        await page.check('[value=jinzhou]');
        await page.check('[value=huachen]');
        assert.equal(await status.textContent(), '');
        await page.waitForFunction(() =>
            document.querySelector('[data-say]').textContent);
        assert.match(await status.textContent(),
            /^已选 2 个平台，合计 \d+\.\d\d 元$/);
        await stands(page, 3, '选择要新增的平台', '华晨集团电子采购平台');
        await says(page, `
        paragraph, link "上一步"
        heading "选择要新增的平台" [level=1]
        paragraph: 给 刘某某 的证书新增，锁序列号 DEMO0001，有效期至 DATE。
        paragraph: 付款成功后，不能调换或变更
        paragraph: 请按业务区域和诚信库注册的实际情况勾选，不用的平台不要选。
        group "省级平台", listitem: 辽宁建设工程信息网 用于辽宁省建设工程方面的业务。 已有
        listitem: 辽宁省招标投标监管网 用于辽宁省招标投标监管方面的业务。 已有
        listitem: 辽宁省政府采购平台 用于辽宁省政府采购方面的业务。 已有
        listitem, checkbox "辽宁省公共资源平台 套餐内，不另收费 0 元"
        group "市级公共资源平台", listitem: 沈阳市公共资源平台 用于沈阳市公共资源方面的业务。 已有
        listitem: 大连市公共资源平台 用于大连市公共资源方面的业务。 已有
        listitem: 鞍山市公共资源平台 用于鞍山市公共资源方面的业务。 已有
        listitem, checkbox "锦州市公共资源平台 50 元/年，按剩余 N 个月计 FEE 元" [checked]
        listitem, checkbox "朝阳市公共资源平台 50 元/年，按剩余 N 个月计 FEE 元"
        group "示范区平台", listitem, checkbox "沈抚示范区建设项目管理平台 50 元/年，按剩余 N 个月计 FEE 元"
        group "企业采购平台", listitem, checkbox "华晨集团电子采购平台 不收费 0 元" [checked]
        paragraph, link "没有找到要用的平台"
        complementary "本次新增"
          heading "本次新增 2 个平台" [level=2]
          listitem: 锦州市公共资源平台 50 元/年，按剩余 N 个月计 FEE 元
          listitem: 华晨集团电子采购平台 不收费 0 元
          paragraph: 合计 FEE 元
          button "下一步：核对订单"
          paragraph: 以提交订单时的报价为准。
        status: 已选 2 个平台，合计 FEE 元`);

        await toCheck(page, []);
        await stands(page, 4, '核对订单');
        await says(page, `
        paragraph, link "上一步"
        heading "核对订单" [level=1]
        region "证书"
          link "更换 证书"
          持锁人: 刘某某
          证书和锁: CFCA · 项目负责人锁
          锁序列号: DEMO0001
          有效期至: DATE
        region "新增 2 个平台"
          link "修改 平台"
          table
            row "平台 费用"
            row "锦州市公共资源平台 50 元/年，按剩余 N 个月计 FEE 元"
            row "华晨集团电子采购平台 不收费 0 元"
            row "应付金额 FEE 元"
          group: 已有 6 个平台
        region "发票", group "是否开具发票"
          text: 是否开具发票
          listitem, radio "开具"
          listitem, radio "不开具"
        region "支付方式", group "支付方式"
          text: 支付方式
          listitem, radio "支付宝" [checked]
          listitem, radio "微信支付"
          listitem, radio "对公转账"
        complementary "应付金额"
          paragraph: 应付金额 FEE 元
          paragraph: 付款成功后，平台不能调换或变更，发票类型不能更改。
          button "提交订单并支付"
          paragraph: 这个价格保留到 CLOCK。`);

        const before = await tree(page);

        await next(page).click();
        await stands(page, 4, '核对订单', '请检查以下内容', '错误：');
        await adds(page, before, `
        heading "请检查以下内容" [level=2]
        listitem, link "请选择是否开具发票"
          text: 是否开具发票 请选择是否开具发票`);
        assert.equal(await described(page, '[data-field=issue]'),
            '请选择是否开具发票');
        await page.click('[data-errors] a');
        assert.equal(await focused(page), '开具');

        await noInvoice(page);
        await page.context().setOffline(true);
        await next(page).click();
        await page.waitForSelector('[data-shown=S14]');
        await stands(page, 4, '核对订单', '没有提交成功');
        assert.match(await tree(page), RegExp(plain(`
        heading "没有提交成功" \\[level=2\\]
        paragraph: 网络不通，.*请再试一次。再按一次不会生成第二个订单。
        button "再试一次"`).replace(/\n/g, '\\n *')));
        await page.context().setOffline(false);
        await page.click('[data-place=state] .btn');
        await live(page, '/apply/pay/');
        await stands(page, 5, '支付');
        await says(page, `
        heading "支付" [level=1]
        region "付款 FEE 元"
          paragraph: 持锁人 刘某某（DEMO0001）
          paragraph: 请用微信“扫一扫”扫这个二维码。付款后请等结果，请不要重复付款。
          img "微信支付的二维码，应付 FEE 元"
          paragraph: 请在 TIME 前付款。
          paragraph, link "到演示收银台付款"
          button "已经付款，看结果"
          heading "换支付方式" [level=3]
          button "支付宝"
          paragraph: 要对公转账的，请取消订单，重新下单时选“对公转账”。 link "查看订单"
        complementary "订单"
          paragraph: 应付金额 FEE 元
          订单号: ORDER
          持锁人: 刘某某（DEMO0001）
          新增平台: 锦州市公共资源平台、华晨集团电子采购平台
          支付方式: 微信支付
          保留到: TIME`);
        await page.goto('/order/');
        await page.click('[data-place=order] .opt a');
        await page.waitForSelector('[data-cancel]:visible');
        await stands(page, 0, '查订单和发票', '订单');
        await page.click('[data-cancel]');
        await page.waitForSelector('[data-place=order]:has-text("已取消")');

        // The button is gone; what has become of the order is there.
        await stands(page, 0, '查订单和发票', '订单');
        await orders(page);
        await says(page, `
        heading "查订单和发票" [level=1]
        text: 订单号 在付款页和“我的订单”里，以 CA 开头。
        textbox "订单号"
        button "查询"
        region "订单"
          heading "我的订单" [level=2]
          text: 只看
          combobox "只看"
          listitem
            link "ORDER"
            text: 锦州市公共资源平台、华晨集团电子采购平台 刘某某（DEMO0001） TIME FEE 元 已取消`);
        await page.click('[data-place=order] .opt a');
        await page.waitForSelector('[data-print]');
        await stands(page, 0, '查订单和发票', '订单');
    });

    it('of an order that is opened', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['huachen']);
        assert.match(await words(page),
            /^应付金额 0 元/);
        await next(page).click();
        await live(page, '/order/');
        await page.waitForSelector('[data-save]');
        await stands(page, 0, '查订单和发票', '已新增 1 个平台');
        await says(page, `
        heading "查订单和发票" [level=1]
        status
          heading "已新增 1 个平台" [level=2]
          paragraph: 订单号 ORDER。单位或人员已在新平台入库的，现在就可以用这把锁登录。
        text: 订单号 在付款页和“我的订单”里，以 CA 开头。
        textbox "订单号": ORDER
        button "查询"
        region "订单"
          状态: 已开通
          订单号: ORDER
          持锁人: 刘某某（DEMO0001）
          新增平台: 华晨集团电子采购平台
          金额: 0 元
          发票: 不开发票
          时间: TIME
          button "保存收据"
          button "打印"
          paragraph, link "核对收据"
          heading "接下来" [level=2]
          listitem: 单位或人员已在新平台入库的，现在就可以用这把锁登录。
          listitem: 提示没有入库的，请先到该平台做诚信库注册。`);
    });

    it('of an order that is paid, and of its invoice', async (t) => {
        const page = await scene.open(t);

        await arrive(page, ['jinzhou']);

        const form = await tree(page);

        await page.check('#issue-yes');
        await page.check('#type-digital');
        await page.check('#title-enterprise');
        await page.fill('#email', 'someone@example.cn');
        await stands(page, 4, '核对订单', '');
        await adds(page, form, `
        region "发票"
          group "是否开具发票"
            text: 是否开具发票
            listitem, radio "开具" [checked]
            listitem, radio "不开具"
          group "发票类型"
            text: 发票类型 提交订单后不能更改。
            listitem, radio "电子普票 发到邮箱" [checked]
            listitem, radio "电子专票 发到邮箱"
            listitem, radio "纸质专票 邮寄到单位地址"
          group "抬头类型"
            text: 抬头类型 专票只能开给企业。
            listitem, radio "企业" [checked]
            listitem, radio "个人"
          text: 发票抬头 与营业执照上的名称一致。个人写姓名。
          textbox "发票抬头": 辽宁某某建设工程有限公司
          text: 纳税人识别号 15 到 20 位数字和大写字母，一般就是统一社会信用代码。
          textbox "纳税人识别号": 91210100XX0000019C
          text: 接收邮箱 电子发票会发到这里。
          textbox "接收邮箱": someone@example.cn`);

        await toPay(page, 'alipay', async () => {});
        await stands(page, 5, '支付');
        await says(page, `
        heading "支付" [level=1]
        region "付款 FEE 元"
          paragraph: 持锁人 刘某某（DEMO0001）
          paragraph: 在支付宝的页面上付款，付完自动回到这里。付款后请等结果，请不要重复付款。
          link "去支付宝付款"
          paragraph: 请在 TIME 前付款。
          heading "换支付方式" [level=3]
          button "微信支付"
          paragraph: 要对公转账的，请取消订单，重新下单时选“对公转账”。 link "查看订单"
        complementary "订单"
          paragraph: 应付金额 FEE 元
          订单号: ORDER
          持锁人: 刘某某（DEMO0001）
          新增平台: 锦州市公共资源平台
          支付方式: 支付宝
          保留到: TIME`);

        const paying = await tree(page);

        await page.click('[data-go]');
        await page.waitForURL('**/demo/cashier/**');
        await cashier(page, 'lost');
        await page.click('.row [data-back]');
        await page.waitForSelector('[data-shown=S12]');
        await stands(page, 5, '支付', '正在确认支付结果');
        await adds(page, paying, `
        status
          heading "正在确认支付结果" [level=2]
          paragraph: 一般 1 分钟内有结果。您可以关掉这一页，结果在“我的订单”里也能看到。请不要重复付款。订单 ORDER。
          button "还没有付款，去付款"`);

        const other = await page.context().newPage();
        const [, id] = /order=(\w+)/.exec(page.url());

        await other.goto(`/demo/cashier/?order=${id}`
            + '&channel=alipay&amount=1250');
        await cashier(other, 'paid');
        await page.bringToFront();
        await page.waitForSelector('[data-save]');
        await stands(page, 0, '查订单和发票', '已新增 1 个平台');
        await says(page, `
        heading "查订单和发票" [level=1]
        status
          heading "已新增 1 个平台" [level=2]
          paragraph: 订单号 ORDER。单位或人员已在新平台入库的，现在就可以用这把锁登录。
        text: 订单号 在付款页和“我的订单”里，以 CA 开头。
        textbox "订单号": ORDER
        button "查询"
        region "订单"
          状态: 已开通
          订单号: ORDER
          持锁人: 刘某某（DEMO0001）
          新增平台: 锦州市公共资源平台
          金额: FEE 元
          付款: 支付宝，FEE 元，TIME
          发票: 电子普票 s***@e***.cn · 开票中
          时间: TIME
          button "保存收据"
          button "打印"
          paragraph, link "核对收据"
          heading "接下来" [level=2]
          listitem: 单位或人员已在新平台入库的，现在就可以用这把锁登录。
          listitem: 提示没有入库的，请先到该平台做诚信库注册。`);

        await page.click('[data-invoices]');
        await page.waitForSelector('[data-filter]');
        await stands(page, 0, '查订单和发票', '订单');
        await says(page, `
        heading "查订单和发票" [level=1]
        text: 订单号 在付款页和“我的订单”里，以 CA 开头。
        textbox "订单号": ORDER
        button "查询"
        region "订单"
          heading "我的发票" [level=2]
          text: 只看
          combobox "只看"
          listitem
            link "ORDER"
            text: 电子普票 s***@e***.cn 刘某某（DEMO0001） TIME FEE 元 开票中`);

        // Another, by transfer.
        await resume(page, ['chaoyang']);
        await toPay(page, 'transfer');
        await stands(page, 5, '支付');
        await adds(page, paying, `
          paragraph: 请从单位或个人的账户转到这个账户，附言只写订单号。付款后请等结果，请不要重复付款。
          户名: 示例电子认证有限公司
          definition, button "复制 户名"
          开户行: 示例银行沈阳分行
          definition, button "复制 开户行"
          账号: 0000-0000-0000
          definition, button "复制 账号"
          金额（元）: "12.50"
          definition, button "复制 金额"
          附言: ORDER
          definition, button "复制 附言"
          paragraph: 订单保留到 TIME。到账后由工作人员登记，一般 1 到 3 个工作日开通。在“我的订单”里看结果。
          link "我的订单"
          button "支付宝"
          新增平台: 朝阳市公共资源平台
          支付方式: 对公转账`);
        await page.context().grantPermissions(['clipboard-write']);
        await page.click('[data-copy=account]');
        await page.waitForSelector('[data-copied]:not(:empty)');
        assert.equal((await focused(page)).replace('\n', ''),
            await page.textContent('[data-copied]'));
    });

    it('of waiting, and of who has not signed in', async (t) => {
        const page = await scene.open(t);

        await page.goto('/order/');
        await page.waitForSelector('[data-shown=S02]');
        await stands(page, 0, '查订单和发票');
        await says(page, `
        heading "查订单和发票" [level=1]
        status
          heading "请先登录" [level=2]
          paragraph: 登录后才能看到您的证书。算费用和看指南不用登录。
          link "去登录"
          link "算费用"
          link "看指南"
        text: 订单号 在付款页和“我的订单”里，以 CA 开头。
        textbox "订单号"
        button "查询"
        region "订单", paragraph: 填写订单号并查询后，结果显示在这里。`);
        await signIn(page, 'project-leader');
        await page.route('/v1/session', (route) => setTimeout(() =>
            route.continue(), 1800));
        await page.goto('/apply/notice/');
        await page.waitForSelector('[data-shown=S01]');
        assert.match(await words(page),
            /^正在读取证书/);
        await live(page, '/apply/notice/');
        assert.equal(await words(page), '');
    });
});
