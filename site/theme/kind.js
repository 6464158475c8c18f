/* What kind of certificate it is, in words; a name that is not known stands as
   it is. */
import { words } from './view.js';

export const lock = certificate => words[`lock-${certificate.lock}`] || certificate.lock;

export const vendor = certificate => (certificate.vendor
    ? words[`vendor-${certificate.vendor}`] || certificate.vendor : certificate.ca);
