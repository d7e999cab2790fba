/// GnuPG in scripts of tests.
public enum GnuPG {
    /// Lines of a script that make `home` in the current directory GnuPG's own, asking nobody anything, with the functions
    /// `at DATE ARGUMENT…`, which is gpg on that day, and `fingerprint KEY`, of the primary key.
    public static let home = #"""
        export GNUPGHOME="$PWD/home"; mkdir -m 700 home
        printf 'batch\nno-tty\nquiet\npinentry-mode loopback\npassphrase ""\n' > home/gpg.conf
        at() { t=$1; shift; gpg --faked-system-time "${t}T000000!" "$@"; }
        fingerprint() { gpg --list-keys --with-colons "$1" | awk -F: '/^fpr/{print $10; exit}'; }
        """#
}
