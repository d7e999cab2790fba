import AssayTestSupport
import Foundation
import Testing

/// What the examples of `verify`, `keys` and `sign` name: a vendor's key, an image, packages, repositories.
enum VerifyExamples {
    /// The folder, made once, and the fingerprint of the vendor's key.
    private static let made: (folder: ScratchDirectory, fingerprint: String) = {
        let folder = ScratchDirectory()
        let result = shell(script, in: folder.path, arguments: [Assay.package])
        #expect(result.status == 0, "\(result.errorText)")
        let fingerprint = shell("cat fingerprint", in: folder.path).text.split(separator: "\n").first.map(String.init)
        return (folder, fingerprint ?? "")
    }()

    /// Puts everything into `scratch`.
    static func write(to scratch: ScratchDirectory) {
        let result = shell("cp -a \"$1\"/. .", in: scratch.path, arguments: [made.folder.path])
        #expect(result.status == 0, "\(result.errorText)")
    }

    /// An example as it is run: with the real fingerprint, lists of our own, and never with the machine's keys.
    static func adapted(_ line: String) -> String {
        var line = line.replacing("FINGERPRINT", with: made.fingerprint)
            .replacing("/var/lib/apt/lists", with: "apt-lists")
        for command in ["keys add", "keys remove"] where line.contains("assay \(command) ") {
            line += " --keys keys"
        }
        return line.contains(" sign ") ? "GNUPGHOME=$PWD/gnupg; export GNUPGHOME; \(line)" : line
    }

    private static let script = """
        set -e
        vectors=$1/Tests/Vectors
        mkdir -m 700 gnupg
        GNUPGHOME=$PWD/gnupg
        export GNUPGHOME
        sign() { gpg --batch --quiet --pinentry-mode loopback --passphrase '' "$@"; }
        sign --quick-generate-key 'Vendor <vendor@example.org>' rsa2048 sign never 2>/dev/null
        gpg --batch --with-colons --list-keys | awk -F: '$1 == "fpr" { print $10; exit }' > fingerprint
        gpg --batch --armor --export > vendor.asc
        mkdir -p keys/vendor
        gpg --batch --export > "keys/vendor/$(tr A-F a-f < fingerprint).pgp"
        sign --export-secret-keys > secret.pgp
        mkdir -p tree/EFI/BOOT
        printf 'MZ' > tree/EFI/BOOT/BOOTX64.EFI
        xorriso -as mkisofs -quiet -V VENDOR-3.0 -o vendor-3.0-x86_64.iso tree 2>/dev/null
        cp vendor-3.0-x86_64.iso azurelinux-3.0-x86_64.iso
        sha256sum ./*.iso | sed 's, \\./, ,' > SHA256SUMS
        sign --output SHA256SUMS.gpg --detach-sign SHA256SUMS
        mkdir packages rpm-repository
        cp "$vectors"/RPM/rocky-basesystem-11-13.el9.noarch.rpm "$vectors"/RPM/test-1.0.0.x86_64.rpm packages
        cp packages/*.rpm rpm-repository
        cp packages/test-1.0.0.x86_64.rpm hello.rpm
        createrepo_c --quiet rpm-repository
        sign --armor --detach-sign rpm-repository/repodata/repomd.xml
        mkdir -p hello/DEBIAN debian-repository/pool debian-repository/dists/stable/main/binary-all
        printf 'Package: hello\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: V <v@example.org>\\nDescription: x\\n' \
            > hello/DEBIAN/control
        dpkg-deb --build hello debian-repository/pool/hello_1.0_all.deb >/dev/null
        cp debian-repository/pool/hello_1.0_all.deb hello.deb
        cd debian-repository
        apt-ftparchive packages pool > dists/stable/main/binary-all/Packages
        apt-ftparchive -o APT::FTPArchive::Release::Suite=stable release dists/stable > ../Release
        mv ../Release dists/stable/Release
        sign --output dists/stable/InRelease --clearsign dists/stable/Release
        cd ..
        mkdir apt-lists
        cp debian-repository/dists/stable/InRelease apt-lists/example.org_debian_dists_stable_InRelease
        cp debian-repository/dists/stable/main/binary-all/Packages \
            apt-lists/example.org_debian_dists_stable_main_binary-all_Packages
        gpgconf --kill all
        """
}
