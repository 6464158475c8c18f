/* What every page gains from a script, and can do without. */
(function (root) {
    var size = document.querySelector('[data-size]');
    var opened = [];

    function each(selector, act) {
        Array.prototype.forEach.call(document.querySelectorAll(selector), act);
    }

    function show() {
        size.setAttribute('aria-pressed', root.classList.contains('big'));
    }

    size.addEventListener('click', function () {
        var big = root.classList.toggle('big');

        show();

        try {
            localStorage.size = big ? 'l' : '';
        } catch (e) { /* storage is closed: for this page only */ }
    });

    size.setAttribute('data-on', '');
    show();

    /* a page of the wizard is about what stands behind #: past the menu, that stays */
    document.querySelector('.skip').addEventListener('click', function (event) {
        var main = document.querySelector('main');

        if (main.querySelector('[data-wizard]')) {
            event.preventDefault();
            main.tabIndex = -1;
            main.focus();
        }
    });

    /* a form of the wizard waits for its module */
    addEventListener('submit', function (event) {
        if (document.querySelector('[data-pending=""]')) {
            event.preventDefault();
        }
    });

    /* paper cannot be unfolded */
    addEventListener('beforeprint', function () {
        each('details:not([open])', function (details) {
            details.open = true;
            opened.push(details);
        });
    });

    addEventListener('afterprint', function () {
        while (opened.length) {
            opened.pop().open = false;
        }
    });

    /* a page from a cache may show a notice whose last day, in Beijing, is over */
    each('[data-until]', function (notice) {
        var until = notice.getAttribute('data-until');
        var today = new Date(Date.now() + 8 * 36e5).toISOString().slice(0, 10);

        notice.hidden = until !== '' && until < today;
    });

    /* an answer that an address points at is shown, not folded */
    function unfold() {
        var target = document.getElementById(location.hash.slice(1));

        if (target && target.nodeName === 'DETAILS') {
            target.open = true;
        }
    }

    addEventListener('hashchange', unfold);
    unfold();
}(document.documentElement));
