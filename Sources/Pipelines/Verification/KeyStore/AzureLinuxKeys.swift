import AssayOpenPGP

/// The keys that Microsoft signs Azure Linux with, built in as the source `azure-linux`.
enum AzureLinuxKeys {
    /// A certificate as its vendor publishes it.
    struct BuiltIn {
        /// The fingerprint that the armored text must have, lower-case hexadecimal.
        let fingerprint: String
        /// The certificate in ASCII armor.
        let armor: String
    }

    /// Where the keys are.
    static let origin = "built in"

    /// The name of the source.
    static let source = "azure-linux"

    /// Names of the images and packages of Azure Linux and of its first name, CBL-Mariner.
    static let fileNames = [
        "azurelinux-*.iso", "azure-linux-*", "CBL-Mariner-*", "mariner-*", "*.azl3.*.rpm", "*.azl4.*.rpm",
        "*.cm1.*.rpm", "*.cm2.*.rpm",
    ]

    /// The keys.
    static let all = [packages, metadata]

    /// The key of packages and of the checksum lists of ISO images.
    ///
    /// `SPECS/azurelinux-repos/MICROSOFT-RPM-GPG-KEY` of https://github.com/microsoft/azurelinux at commit
    /// 2172d5cf45e4, MIT License.
    static let packages = BuiltIn(
        fingerprint: "2bc94fff7015a5f28f1537ad0cd9fed33135ce90",
        armor: """
            -----BEGIN PGP PUBLIC KEY BLOCK-----
            Version: BSN Pgp v1.1.0.0

            mQENBF5v2nQBCADD+o8FgJQUcV9QTgdOTrYo8VtwHNOtTI1WWki8cUx+pI+aarHo
            zYN3/QQj+a5lALWeWM/w+aT1q/xGBBkmr9Qo5xWaXeiKZaMVv3H+1HIOjVvrWOHX
            zm+FvONB2fwAOclq9p7YaMqWtn4GckxD2YXhkTW0Y4kM+TcMTgSCiGKskjnmTfHw
            G+SI9av/CZvqqfNZkdIuNTS9eSqTTenCKkgLvYRKSpkhZj1OuB/iTu+xK0BuoVns
            jmju/Fw+tBrcdu3Q1sRXDrh8lnZgHxQUxHjwnyMlTM8a9N2qCgnu+SQjNyk3NXgi
            dGSFkdtaF/Z+KNwG10XVs1jzjO/rtsrvrwJvABEBAAG0Ok1hcmluZXIgUlBNIFJl
            bGVhc2UgU2lnbmluZyA8bWFyaW5lcnJwbXByb2RAbWljcm9zb2Z0LmNvbT6JATgE
            EwEIACIFAl5v2nQCGwMGCwkIBwMCBhUIAgkKCwQWAgMBAh4BAheAAAoJEAzZ/tMx
            Nc6QfaMH/iqp4Uyd66rAC2tSILWrH6RLkf05TIE0GZheqQkEO7a/Khy3u/Ej/HgC
            QUlIC7yrJJGfNCyAx44Z/QsnrWz5EqVZOvjgY9MDpmzfve7KqmbnDBjmbSc6g8IH
            HcgUYyfTHEUj69IfgNyJK4Io1vi1WgY/sesAn2ZPpoeT3ihH5FqH7dQkGWeGg1bA
            FIaVXm+gMAssaj+k52g/+CnY4KZUHrSkg48OoRB+2a6FqGS8BLeCa+v+zaJCk2fz
            EI/NeJwL4Asz1F4AwkEu5X9y8eEGArCXoP0OpYpCxIBZ+7MiKKDOoNf0a/0nOhvs
            29LIIOnG+x0/RDfRgFObrF9geKpVTpI=
            =ZhFE
            -----END PGP PUBLIC KEY BLOCK-----
            """)

    /// The key of repository metadata.
    ///
    /// `keys/azure-linux/MICROSOFT-METADATA-GPG-KEY` of
    /// https://github.com/rpm-software-management/distribution-gpg-keys at commit 65c3eae56c18, CC0-1.0.
    static let metadata = BuiltIn(
        fingerprint: "bc528686b50d79e339d3721ceb3e94adbe1229cf",
        armor: """
            -----BEGIN PGP PUBLIC KEY BLOCK-----
            Version: GnuPG v1.4.7 (GNU/Linux)

            mQENBFYxWIwBCADAKoZhZlJxGNGWzqV+1OG1xiQeoowKhssGAKvd+buXCGISZJwT
            LXZqIcIiLP7pqdcZWtE9bSc7yBY2MalDp9Liu0KekywQ6VVX1T72NPf5Ev6x6DLV
            7aVWsCzUAF+eb7DC9fPuFLEdxmOEYoPjzrQ7cCnSV4JQxAqhU4T6OjbvRazGl3ag
            OeizPXmRljMtUUttHQZnRhtlzkmwIrUivbfFPD+fEoHJ1+uIdfOzZX8/oKHKLe2j
            H632kvsNzJFlROVvGLYAk2WRcLu+RjjggixhwiB+Mu/A8Tf4V6b+YppS44q8EvVr
            M+QvY7LNSOffSO6Slsy9oisGTdfE39nC7pVRABEBAAG0N01pY3Jvc29mdCAoUmVs
            ZWFzZSBzaWduaW5nKSA8Z3Bnc2VjdXJpdHlAbWljcm9zb2Z0LmNvbT6JATUEEwEC
            AB8FAlYxWIwCGwMGCwkIBwMCBBUCCAMDFgIBAh4BAheAAAoJEOs+lK2+EinPGpsH
            /32vKy29Hg51H9dfFJMx0/a/F+5vKeCeVqimvyTM04C+XENNuSbYZ3eRPHGHFLqe
            MNGxsfb7C7ZxEeW7J/vSzRgHxm7ZvESisUYRFq2sgkJ+HFERNrqfci45bdhmrUsy
            7SWw9ybxdFOkuQoyKD3tBmiGfONQMlBaOMWdAsic965rvJsd5zYaZZFI1UwTkFXV
            KJt3bp3Ngn1vEYXwijGTa+FXz6GLHueJwF0I7ug34DgUkAFvAs8Hacr2DRYxL5RJ
            XdNgj4Jd2/g6T9InmWT0hASljur+dJnzNiNCkbn9KbX7J/qK1IbR8y560yRmFsU+
            NdCFTW7wY0Fb1fWJ+/KTsC4=
            =J6gs
            -----END PGP PUBLIC KEY BLOCK-----
            """)

    /// The keys as pinned ones.
    ///
    /// - Throws: `VerificationError` when a text is not the certificate of its fingerprint.
    static func pinned() throws -> [PinnedKey] {
        try all.map { key in
            let certificates = (try? OpenPGPCertificate.parse(Array(key.armor.utf8))) ?? []
            guard certificates.count == 1, let certificate = certificates.first,
                certificate.fingerprint.description == key.fingerprint
            else { throw VerificationError("the built-in certificate \(key.fingerprint) is damaged") }
            return PinnedKey(source: source, origin: origin, certificate: certificate, fileNames: fileNames)
        }
    }
}
