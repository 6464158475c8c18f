/* /apply/notice/: what is to be read before. */
import { enter } from './session.js';
import { one } from './view.js';
import { whose } from './whose.js';

enter(async (session, certificate) => {
    if (!whose(certificate)) {
        return;
    }

    one('[data-form]').addEventListener('submit', event => {
        event.preventDefault();
        location.assign('/apply/platforms/');
    });
});
