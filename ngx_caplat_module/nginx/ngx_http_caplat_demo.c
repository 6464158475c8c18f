#include "ngx_http_caplat_module.h"


ngx_int_t
ngx_http_caplat_add_demo(ngx_conf_t *cf, const char *directive,
    const char *deed, ngx_uint_t forced)
{
    ngx_http_caplat_demo_t       *demo;
    ngx_http_caplat_main_conf_t  *cmcf;

    ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "\"%s\" lets everybody %s",
                       directive, deed);

    if (forced) {
        return NGX_OK;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_caplat_module);

    demo = ngx_array_push(&cmcf->demos);
    if (demo == NULL) {
        return NGX_ERROR;
    }

    demo->server = ngx_http_conf_get_module_srv_conf(cf,
                                                     ngx_http_core_module);
    demo->directive = directive;
    demo->deed = deed;
    demo->file = cf->conf_file->file.name;
    demo->line = cf->conf_file->line;

    return NGX_OK;
}


/* 127.0.0.0/8, ::1 and unix sockets. */
static ngx_uint_t
ngx_http_caplat_is_loopback(struct sockaddr *sockaddr)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    switch (sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) sockaddr;
        return IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr);
#endif

#if (NGX_HAVE_UNIX_DOMAIN)
    case AF_UNIX:
        return 1;
#endif

    default: /* AF_INET */
        sin = (struct sockaddr_in *) sockaddr;
        return (ntohl(sin->sin_addr.s_addr) >> 24) == 127;
    }
}


static ngx_uint_t
ngx_http_caplat_serves(const ngx_http_conf_addr_t *addr,
    const ngx_http_core_srv_conf_t *server)
{
    ngx_uint_t                  i;
    ngx_http_core_srv_conf_t  **servers;

    servers = addr->servers.elts;

    for (i = 0; i < addr->servers.nelts; i++) {
        if (servers[i] == server) {
            return 1;
        }
    }

    return 0;
}


/* An address other than loopback that a server listens on; NULL: none. */
static const ngx_str_t *
ngx_http_caplat_public_address(ngx_http_core_main_conf_t *core,
    const ngx_http_core_srv_conf_t *server)
{
    ngx_uint_t             p, a;
    ngx_http_conf_addr_t  *addr;
    ngx_http_conf_port_t  *port;

    if (core->ports == NULL) {
        return NULL;
    }

    port = core->ports->elts;

    for (p = 0; p < core->ports->nelts; p++) {
        addr = port[p].addrs.elts;

        for (a = 0; a < port[p].addrs.nelts; a++) {
            if (ngx_http_caplat_serves(&addr[a], server)
                && !ngx_http_caplat_is_loopback(addr[a].opt.sockaddr))
            {
                return &addr[a].opt.addr_text;
            }
        }
    }

    return NULL;
}


ngx_int_t
ngx_http_caplat_check_demos(ngx_conf_t *cf)
{
    ngx_uint_t                    i;
    const ngx_str_t              *address;
    ngx_http_caplat_demo_t       *demo;
    ngx_http_core_main_conf_t    *core;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_caplat_module);
    core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    demo = cmcf->demos.elts;

    for (i = 0; i < cmcf->demos.nelts; i++) {
        address = ngx_http_caplat_public_address(core, demo[i].server);

        if (address != NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"%s\" lets everybody %s, and the server listens "
                          "on %V, which is not loopback; add \"forced\" if "
                          "you mean it, in %V:%ui", demo[i].directive,
                          demo[i].deed, address, &demo[i].file, demo[i].line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
