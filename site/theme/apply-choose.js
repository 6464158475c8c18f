/* /apply/ with the sign-in of this site: whoever may sign in is listed. */
import { begin, button, card, form, list, option } from './choose.js';
import { failed, holdersHere, signIn } from './session.js';
import { all, busy, faults, one, ready, row, words } from './view.js';


function toSignIn(holders) {
    const rows = ['manager', 'individual'].reduce((found, role) => {
        const those = holders.filter(each => each.role === role);

        return found.concat(those.length ? row('group', { title: words[`as-${role}`] }) : [],
            those.map(each => option('holder', each.id, {
                title: each.label, words: each.enterprise, until: '', tag: '' })));
    }, []);

    card(words['sign-in-title'], rows, words['sign-in']);
    form.onsubmit = event => {
        const box = one('input:checked', list);

        event.preventDefault();

        if (box === null) {
            faults([{ field: 'holder', words: words['holder-empty'] }]);
            return;
        }

        faults([]);
        busy(button, async () => {
            try {
                const back = await signIn(box.value);

                if (back) {
                    location.assign(back);
                } else {
                    await start();
                    all('input', list).slice(0, 1).forEach(first => first.focus());
                }
            } catch (problem) {
                failed(problem, () => form.requestSubmit ? form.requestSubmit() : button.click());
            }
        });
    };
}


const start = () => begin(async () => {
    const holders = await holdersHere();

    if (holders !== undefined) {
        toSignIn(holders);
    }
});


start().catch(problem => failed(problem, () => location.reload())).then(ready);
