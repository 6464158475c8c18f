// The Web's cryptography where the libraries of tests look for it: Debian's
// node 18 has it under another name. To be imported for that alone.

import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;
