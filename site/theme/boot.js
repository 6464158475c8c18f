/* Before the first paint: scripts can run, and the type size chosen. */
(function (root) {
    var names = 'noModule' in document.createElement('script') ? 'js' : '';

    try {
        if (localStorage.size === 'l') {
            names += ' big';
        }
    } catch (e) { /* storage is closed: normal size */ }

    root.className = names;
}(document.documentElement));
