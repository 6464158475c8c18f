-- A check of access tokens as one writes it with Debian's lua module: keys are
-- read once, claims looked at, ES256 by luaossl, EdDSA, which luaossl has not,
-- by libcrypto itself.

local cjson = require "cjson.safe"
local digest = require "openssl.digest"
local ffi = require "ffi"
local pkey = require "openssl.pkey"

local decode = ngx.decode_base64url or require("ngx.base64").decode_base64url

ffi.cdef [[
    void *EVP_PKEY_new_raw_public_key(int type, void *engine,
        const char *key, size_t len);
    void *EVP_MD_CTX_new(void);
    void EVP_MD_CTX_free(void *ctx);
    int EVP_DigestVerifyInit(void *ctx, void *pctx, void *type, void *engine,
        void *key);
    int EVP_DigestVerify(void *ctx, const char *signature, size_t len,
        const char *text, size_t text_len);
]]

local NID_ED25519 = 1087

local function read(name)
    local file = assert(io.open(ngx.config.prefix() .. "conf/" .. name))
    local text = file:read("*a")

    file:close()

    return text
end

local ed25519 = ffi.C.EVP_PKEY_new_raw_public_key(NID_ED25519, nil,
    decode(read("ed25519.key")), 32)
local p256 = pkey.new(read("p256.pem"))

-- An integer of DER.
local function integer(bytes)
    bytes = bytes:gsub("^%z+", "")

    if bytes:byte() >= 128 then
        bytes = "\0" .. bytes
    end

    return "\2" .. string.char(#bytes) .. bytes
end

local verify = {}

function verify.ES256(text, signature)
    local der = integer(signature:sub(1, 32)) .. integer(signature:sub(33))

    return p256:verify("\48" .. string.char(#der) .. der,
        digest.new("sha256"):update(text))
end

function verify.EdDSA(text, signature)
    local ctx = ffi.C.EVP_MD_CTX_new()
    local good = ffi.C.EVP_DigestVerifyInit(ctx, nil, nil, nil, ed25519) == 1
        and ffi.C.EVP_DigestVerify(ctx, signature, #signature, text, #text)
            == 1

    ffi.C.EVP_MD_CTX_free(ctx)

    return good
end

local function check(algorithm)
    local token = (ngx.var.http_authorization or ""):match("^DPoP (.+)$")

    if not token then
        return false
    end

    local text, head, claims, signature =
        token:match("^(([%w_-]+)%.([%w_-]+))%.([%w_-]+)$")

    head = text and cjson.decode(decode(head))
    claims = text and cjson.decode(decode(claims))
    signature = text and decode(signature)

    return head and claims and signature and #signature == 64
        and head.alg == algorithm
        and claims.iss == "https://id.example.cn"
        and claims.aud == "https://ca.example.cn"
        and claims.exp > ngx.time()
        and verify[algorithm](text, signature)
end

local M = {}

function M.answer(algorithm)
    if not check(algorithm) then
        return ngx.exit(401)
    end

    ngx.print("ok")
end

return M
