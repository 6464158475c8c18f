#define _POSIX_C_SOURCE 200809L

#include "caplat_hash.h"

#if defined(__x86_64__)

#include <intel-ipsec-mb.h>
#include <pthread.h>


#define FEW      4                      /* texts that are hashed sooner one by
                                           one: all lanes work for any */
#define LEN_MAX  65534                  /* bytes, of a text of the library's */


static pthread_once_t  once = PTHREAD_ONCE_INIT;
static pthread_key_t   manager_key;


static void
free_manager(void *manager)
{
    free_mb_mgr(manager);
}


static void
make_key(void)
{
    caplat_assert(pthread_key_create(&manager_key, free_manager) == 0);
}


/* This thread's; NULL: no memory. */
static IMB_MGR *
manager_of_thread(void)
{
    IMB_MGR  *made;

    caplat_assert(pthread_once(&once, make_key) == 0);
    made = pthread_getspecific(manager_key);

    if (made != NULL) {
        return made;
    }

    made = alloc_mb_mgr(0);

    if (made == NULL) {
        return NULL;
    }

    init_mb_mgr_auto(made, NULL);

    if (pthread_setspecific(manager_key, made) != 0) {
        free_mb_mgr(made);
        return NULL;
    }

    return made;
}


static void
submit(IMB_MGR *manager, const caplat_sha256_task *task)
{
    IMB_JOB  *job = IMB_GET_NEXT_JOB(manager);

    job->cipher_mode = IMB_CIPHER_NULL;
    job->cipher_direction = IMB_DIR_ENCRYPT;
    job->chain_order = IMB_ORDER_HASH_CIPHER;
    job->hash_alg = IMB_AUTH_SHA_256;
    job->src = (const uint8_t *) task->text.ptr;
    job->hash_start_src_offset_in_bytes = 0;
    job->msg_len_to_hash_in_bytes = task->text.len;
    job->auth_tag_output = task->out;
    job->auth_tag_output_len_in_bytes = CAPLAT_SHA256_LEN;

    job = IMB_SUBMIT_JOB(manager);
    caplat_assert(job == NULL || job->status == IMB_STATUS_COMPLETED);
}


void
caplat_sha256_all(const caplat_sha256_task *tasks, size_t count)
{
    IMB_MGR  *manager = count < FEW ? NULL : manager_of_thread();
    IMB_JOB  *job;

    for (size_t i = 0; i < count; i++) {
        if (manager == NULL || tasks[i].text.len > LEN_MAX) {
            caplat_sha256(tasks[i].text, tasks[i].out);

        } else {
            submit(manager, &tasks[i]);
        }
    }

    while (manager != NULL && (job = IMB_FLUSH_JOB(manager)) != NULL) {
        caplat_assert(job->status == IMB_STATUS_COMPLETED);
    }
}

#else

void
caplat_sha256_all(const caplat_sha256_task *tasks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        caplat_sha256(tasks[i].text, tasks[i].out);
    }
}

#endif
