// Beginnings of SPDX licence identifiers by what the licences ask for; every one fits at least one identifier.
// Licences that are not here are `unknown`: a person should look at them.

export const LICENSE_FAMILIES = {
  /** Keep notices, or nothing at all. */
  permissive: `0BSD AAL AFL- AMDPLPA ANTLR-PD Adobe-2006 Adobe-Glyph Apache- Artistic-2.0 ASWF- Beerware Bitstream- BlueOak-
    BOLA- Boehm-GC BSD- BSL-1.0 bzip2- CC-BY- CC-PDDC CC-PDM CC0- CDLA-Permissive CECILL-B CERN-OHL-P CMU-Mach CNRI- Cube curl dtoa
    ECL- EFL- eGenix etalab- Fair FSFAP FSFUL FTL GLWTPL HPND IBM-pibs ICU IJG ImageMagick Info-ZIP Intel ISC JasPer-
    libpng- Libpng libselinux- libtiff Linux-OpenIB LZMA-SDK- MIT MirOS MS-PL mpich2 mplus MulanPSL- NCSA NIST- NTP Naumen NICTA-
    O-UDA- ODC-By- OGL-UK OLDAP- OML OpenSSL OSSP PDDL- PHP- Plexus PostgreSQL PSF- psutils python-ldap Python- Qhull Rdisc RSA-MD Ruby
    SAX-PD Sendmail-Open SGI-B- SMLNJ snprintf Spencer- SSH- SSLeay SunPro TCL TCP-wrappers Unicode- UnixCrypt Unlicense UPL-
    Vim W3C WTFPL X11 XFree86 xinetd Xnet XSkat Zed Zend- zlib- Zlib ZPL-`,
  /** Changes to the files themselves stay open. */
  'weak-copyleft': `APSL-2.0 Artistic-1.0 CC-BY-SA- CDDL- CDLA-Sharing CECILL-C CERN-OHL-W CPL- CUA-OPL ErlPL- EPL- GFDL- gSOAP-
    Interbase- IPA IPL- LGPL LPL- LPPL- MPL- MS-RL MTLL Nokia NPL- ODbL- OFL- OGTSL RSCPL SISSL SPL-1.0 SugarCRM- YPL-`,
  /** Whole programs stay open. */
  copyleft: `Aladdin BSD-Protection CECILL-1 CECILL-2 CERN-OHL-S copyleft-next- GPL- LiLiQ-Rplus NGPL QPL- SimPL- Sleepycat TGPPL-`,
  /** Open even where software is only offered over a network. */
  'network-copyleft': `AGPL- APSL-1 CAL-1.0 CPAL- EUPL- NPOSL- OSL- Parity- RPL- RPSL- SSPL- Watcom-`,
  /** Forbid some uses, commercial ones for the most part. */
  proprietary: `BSD-3-Clause-No-Military BSD-3-Clause-No-Nuclear-License BUSL- CC-BY-NC- CC-BY-ND- Elastic- FSL- Hippocratic- JSON MMPL- NCGL-
    PolyForm- Sendmail-8 SUL- UnRAR`,
} as const;
