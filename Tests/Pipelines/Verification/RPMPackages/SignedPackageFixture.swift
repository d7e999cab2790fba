import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// Two packages that rpmbuild makes and rpmsign signs, a repository of them by createrepo_c, and two keys.
struct SignedPackageFixture: Sendable {
    /// Made once for all tests of the target.
    static let shared = SignedPackageFixture()

    static let tools = ["gpg", "rpmbuild", "rpmsign", "createrepo_c"]

    /// When the fixtures are judged: soon after they are made.
    static var now: Int64 { Int64(Date().timeIntervalSince1970) + 60 }

    let scratch = ScratchDirectory()
    let result: ShellResult

    private init() {
        result = shell(
            #"""
            set -e
            \#(GnuPG.home)
            for k in maker other; do gpg --quick-gen-key $k ed25519 sign never; gpg --export $k > $k.pub; done
            for k in maker other; do gpg --list-keys --with-colons $k | awk -F: '/^pub/{print $5}' > $k.id; done
            for n in alpha beta; do
                printf 'Name: %s\nVersion: 1.5\nRelease: 2\nSummary: Made\nLicense: MIT\nBuildArch: noarch\n' $n > $n.spec
                printf '%%description\nMade.\n%%install\nmkdir -p %%{buildroot}/usr/share/%s\n' $n >> $n.spec
                printf 'seq 1 300 > %%{buildroot}/usr/share/%s/numbers\n%%files\n/usr/share/%s\n' $n $n >> $n.spec
                rpmbuild -bb --quiet --nodeps --define "_topdir $PWD/top" $n.spec >&2
            done
            mkdir packages
            cp top/RPMS/noarch/*.rpm packages
            cp packages/alpha-1.5-2.noarch.rpm unsigned.rpm
            rpmsign --define "_gpg_name maker" --define "_gpg_path $GNUPGHOME" --define "__gpg $(command -v gpg)" \
                --addsign packages/*.rpm >&2
            cp -r packages repository
            createrepo_c --quiet repository
            gpg -u maker -o repository/repodata/repomd.xml.asc --armor --detach-sign repository/repodata/repomd.xml
            gpgconf --kill gpg-agent
            """#, in: scratch.path)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        let url = URL(fileURLWithPath: scratch.path + "/" + name)
        return Array(try #require(try? Data(contentsOf: url), "no '\(name)': \(result.errorText.suffix(2000))"))
    }

    func keys(_ name: String) throws -> PinnedKeys { try PackageVectors.pinned(bytes(name + ".pub")) }

    /// The key ID of a key, as its signatures carry it.
    func keyID(_ name: String) throws -> [UInt8] {
        let text = String(decoding: try bytes(name + ".id"), as: UTF8.self).prefix(16)
        return stride(from: 0, to: 16, by: 2).compactMap {
            UInt8(text.dropFirst($0).prefix(2), radix: 16)
        }
    }

    /// The signed package.
    func package() throws -> EditablePackage { try EditablePackage(bytes("packages/alpha-1.5-2.noarch.rpm")) }

    func examine(_ bytes: [UInt8], keys: String = "maker") throws -> ExaminedFacts {
        try ExaminedFacts(bytes, keys: self.keys(keys), at: Self.now)
    }

    /// A copy of the repository.
    func repository() throws -> ScratchDirectory {
        let copy = ScratchDirectory()
        try #require(result.status == 0, "\(result.errorText.suffix(2000))")
        shell("cp -r -- \"$1\"/repository/. .", in: copy.path, arguments: [scratch.path])
        return copy
    }
}
