/*
 * Asking again and again: soon at first, then with patience. Nobody is asked while
 * the page cannot be seen, and at once when it can be seen again.
 */
const SOON = 15;
const SOON_MS = 2000;
const LATER_MS = 10000;


/*
 * look()   asks; false where there is no more to ask
 *
 * begin()  asks now, and goes on;  wait() goes on, asking after a while
 * stop()   asks no more
 */
export function rhythm(look) {
    let turns = 0;
    let isOver = true;
    let isAsking = false;
    let timer;

    const later = () => {
        clearTimeout(timer);
        timer = setTimeout(turn, turns < SOON ? SOON_MS : LATER_MS);
    };

    const turn = async () => {
        clearTimeout(timer);

        if (isAsking) {
            return;
        }

        isAsking = true;

        try {
            turns++;
            isOver = !await look() || isOver;
        } finally {
            isAsking = false;
        }

        if (!isOver && !document.hidden) {
            later();
        }
    };

    const anew = go => () => {
        turns = 0;
        isOver = false;

        return go();
    };

    document.addEventListener('visibilitychange', () => {
        clearTimeout(timer);

        if (!isOver && !document.hidden) {
            turn();
        }
    });

    return { begin: anew(turn), wait: anew(later), stop() {
        isOver = true;
        clearTimeout(timer);
    } };
}
