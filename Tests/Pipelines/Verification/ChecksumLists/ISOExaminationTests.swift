import AssayFacts
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

@testable import AssayVerification

/// Images that Debian's packages hold, with what they are.
private let debianImages: [(path: String, volume: String, methods: [String], architectures: [String])] = [
    ("/usr/lib/grub-rescue/grub-rescue-cdrom.iso", "ISOIMAGE", ["BIOS El Torito", "BIOS boot record"], []),
    (
        "/usr/lib/ipxe/ipxe.iso", "ISOIMAGE", ["BIOS El Torito", "UEFI El Torito x86_64", "BIOS boot record"],
        ["x86_64"]
    ),
    (
        "/usr/lib/memtest86+/memtest86+ia32.iso", "MT86PLUS_32", ["BIOS El Torito", "UEFI El Torito i686"], ["i686"]
    ),
    (
        "/usr/lib/memtest86+/memtest86+x64.iso", "MT86PLUS_64", ["BIOS El Torito", "UEFI El Torito x86_64"],
        ["x86_64"]
    ),
]

/// Whether the tests of a Debian image run: without the package they are skipped at home and fail in CI.
private func isInstalled(_ path: String) -> Bool {
    shell("test -e \"$1\" || test -n \"$CI\"", arguments: [path]).status == 0
}

private func examine(_ path: String, threads: Int = 2) async throws -> VouchedFileFacts {
    let context = VerificationContext(keys: PinnedKeys(), time: 0, threads: threads, progress: ChecksumProgress())
    return try #require(
        try await ChecksumExamination.examine([SubjectFile(path: path)], ChecksumRequest(), context).files.first)
}

/// Makes `x.iso` of what `script` puts into the folder `t`; `pe FILE MACHINE` writes the header of an EFI program.
private func image(_ script: String, volume: String = "TEST", name: String = "x.iso") -> ScratchDirectory {
    let folder = ScratchDirectory()
    let prelude = #"""
        set -e; mkdir -p t/EFI/BOOT t/.disk
        pe() { (printf MZ; head -c 58 /dev/zero; printf '\100\0\0\0PE\0\0'"$2"; head -c 64 /dev/zero) > "$1"; }

        """#
    let ran = shell(
        prelude + script + "\nxorriso -as mkisofs -quiet -R -J -V \"$1\" -o \"$2\" t",
        in: folder.path, arguments: [volume, name])
    if ran.status != 0 { Issue.record("the script ended with \(ran.status): \(ran.errorText)") }
    return folder
}

@Suite(.enabled(if: isAvailable("xorriso")))
struct ISOExaminationTests {
    @Test(.enabled(if: debianImages.allSatisfy { isInstalled($0.path) }), arguments: debianImages)
    private func `Debian's images are recognised`(
        path: String, volume: String, methods: [String], architectures: [String]
    ) async throws {
        let file = try await examine(path)
        #expect(file.kind == .isoImage && file.problem == nil)
        let image = try #require(file.image)
        #expect(image.volumeID == volume)
        #expect(image.created != nil && image.missingBytes == 0)
        let shown = image.bootMethods.map { method in
            ([method.platform, method.how] + [method.architecture].compactMap(\.self)).joined(separator: " ")
        }
        #expect(Set(shown).isSuperset(of: methods), "\(shown)")
        #expect(image.architectures == architectures)
        #expect(image.bootMethods.allSatisfy { $0.place.offset != nil })
    }

    @Test func `an image with BOOTAA64.EFI is aarch64, signed from end to end`() async throws {
        let made = image(
            #"""
            pe t/EFI/BOOT/BOOTAA64.EFI '\144\252'
            printf '[general]\nfamily = Azure Linux\nversion = 3.0\narch = aarch64\n' > t/.treeinfo
            printf 'Azure Linux 3.0 "x" - Official arm64 NETINST\n' > t/.disk/info
            mkdir -p t/etc t/usr/lib; printf 'NAME="Azure Linux"\nVERSION_ID="3.0"\n' > t/usr/lib/os-release
            ln -s ../usr/lib/os-release t/etc/os-release
            """#, volume: "AZURELINUX-3.0", name: "azurelinux-3.0-aarch64.iso")
        let folder = ChecksumFixture.shared.folder(
            "cp '\(made.path)'/*.iso .; sha256sum *.iso > azurelinux-3.0-aarch64-iso-checksum; "
                + "sign vendor azurelinux-3.0-aarch64-iso-checksum -o azurelinux-3.0-aarch64-iso-checksum-signature")
        let result = try await examineChecksums(folder, ["azurelinux-3.0-aarch64.iso"])
        #expect(result.links.map(\.fault) == [nil] && result.links[0].expected == result.links[0].computed)
        #expect(result.signatures.map(\.check) == [.valid])
        let facts = try #require(result.files.first?.image)
        #expect(facts.architectures == ["aarch64"] && facts.nameArchitecture == "aarch64")
        #expect(facts.volumeID == "AZURELINUX-3.0" && facts.nameVersion == "3.0")
        #expect(Set(facts.versions.map(\.value)) == ["3.0"])
        #expect(
            facts.versions.map(\.place.path)
                == ["volume identifier", "/.treeinfo", "/.disk/info", "/usr/lib/os-release"])
        #expect(facts.products.map(\.value) == ["Azure Linux", "Azure Linux", "Azure Linux"])
        #expect(facts.bootMethods.map(\.place.path) == ["/EFI/BOOT/BOOTAA64.EFI"])
        #expect(facts.bootMethods.map(\.how) == ["EFI/BOOT"])
        #expect(facts.remarks.isEmpty)
        if case .absent = facts.mediaCheck {} else { Issue.record("\(facts.mediaCheck)") }
    }

    @Test(arguments: [
        ("pe t/EFI/BOOT/BOOTAA64.EFI '\\144\\206'", [], "is named for aarch64 and made for x86_64"),
        ("echo x > t/EFI/BOOT/BOOTX64.EFI", ["x86_64"], "is no PE file"),
        ("pe t/EFI/BOOT/bootx64.efi '\\1\\1'", [], "is for the machine 0101"),
        (
            "pe t/EFI/BOOT/BOOTRISCV64.EFI '\\144\\120'; echo 39 > t/d; printf '1\\nFedora 39\\nx86_64\\n' > t/.discinfo",
            ["riscv64"], "'/.discinfo' says x86_64; it boots on riscv64"
        ),
    ])
    func `what contradicts a boot file's name is told`(
        _ script: String, _ architectures: [String], _ remark: String
    ) async throws {
        let folder = image(script)
        let facts = try #require(try await examine(folder.path + "/x.iso").image)
        #expect(facts.architectures == architectures)
        #expect(facts.bootMethods.count == 1)
        #expect(facts.remarks.contains { $0.contains(remark) }, "\(facts.remarks)")
    }

    @Test func `bytes missing and behind the end are counted`() async throws {
        let folder = image("seq 1 90000 > t/data; pe t/EFI/BOOT/BOOTX64.EFI '\\144\\206'")
        shell(
            "cp x.iso cut.iso; truncate -s -4096 cut.iso; cp x.iso long.iso; echo hidden >> long.iso", in: folder.path)
        #expect(try await examine(folder.path + "/cut.iso").image?.missingBytes == 4096)
        #expect(try await examine(folder.path + "/long.iso").image?.trailingBytes == 7)
    }

    @Test(arguments: [
        ("seq 1 90000 > x.iso", true), (": > x.iso", true), ("truncate -s 33000 x.iso", true),
        ("printf X | dd of=x.iso bs=1 seek=32896 conv=notrunc", true),
    ])
    func `a malformed image is a problem and still hashed`(_ change: String, _ isMalformed: Bool) async throws {
        let folder = image("true")
        shell("sha256sum x.iso > SHA256SUMS; \(change); sha256sum x.iso > SHA256SUMS", in: folder.path)
        let file = try await examine(folder.path + "/x.iso")
        #expect(file.kind == .isoImage && file.image == nil && file.problem?.isMalformed == isMalformed)
        #expect(file.vouchers[0].links[0].computed == file.vouchers[0].links[0].expected)
        shell("mv x.iso x.bin", in: folder.path)
        let other = try await examine(folder.path + "/x.bin")
        #expect(other.kind == .other || other.problem != nil)
    }

    @Test func `mutated images never crash`() throws {
        let folder = image("pe t/EFI/BOOT/BOOTX64.EFI '\\144\\206'; echo 'Debian 12' > t/.disk/info")
        let original = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/x.iso")).prefix(80_000))
        var random = SeededNumbers(state: 9)
        var kinds: Set<VouchedFileFacts.Kind> = []
        for _ in 0..<150 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 32_768..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try folder.write("y", Array(bytes.prefix(Int.random(in: 30_000...80_000, using: &random))))
            let identity = ISOExamination.identity(of: try SubjectFile(path: folder.path + "/y"))
            kinds.insert(identity.kind)
            #expect(identity.kind == .isoImage || identity.image == nil)
        }
        #expect(kinds.contains(.isoImage))
    }

    @Test(.enabled(if: isAvailable("implantisomd5")), arguments: [1, 2])
    func `the media check is computed, and damage found`(_ threads: Int) async throws {
        let folder = image("seq 1 700000 > t/data")
        #expect(shell("implantisomd5 x.iso && checkisomd5 x.iso", in: folder.path).status == 0)
        let good = try await examine(folder.path + "/x.iso", threads: threads)
        let check = try #require(good.image?.mediaCheck.value)
        #expect(check.computed == check.expected && check.firstWrongFragment == nil)
        shell("printf X | dd of=x.iso bs=1 seek=2500000 conv=notrunc", in: folder.path)
        let damaged = try await examine(folder.path + "/x.iso", threads: threads)
        let wrong = try #require(damaged.image?.mediaCheck.value)
        #expect(wrong.computed != nil && wrong.computed != wrong.expected)
        let offset = try #require(wrong.wrongFragmentOffset)
        let size = UInt64(damaged.size)
        #expect(offset <= 2_500_000 && 2_500_000 - offset <= size / 21 + 65_536)
        #expect(try #require(wrong.firstWrongFragment) > 1)
    }

    @Test(arguments: [
        ("azurelinux-3.0-x86_64.iso", "x86_64", "3.0"), ("debian-12.5.0-amd64-netinst.iso", "x86_64", "12.5.0"),
        ("Fedora-Server-dvd-x86_64-39-1.5.iso", "x86_64", "39"), ("AzureLinux-3.0-aarch64.iso", "aarch64", "3.0"),
        ("ubuntu-22.04.3-live-server-arm64.iso", "aarch64", "22.04.3"), ("CentOS-7-x86_64-DVD-2009.iso", "x86_64", "7"),
        ("debian-12.5.0-i386-netinst.iso", "i686", "12.5.0"), ("multi-arch-amd64-i386.iso", nil, nil),
        ("grub-rescue-cdrom.iso", nil, nil), ("memtest86+x64.iso", "x86_64", nil), ("x-ppc64le-1.iso", "ppc64le", "1"),
        ("s390x.iso", "s390x", nil), ("Debian 12.5.0 amd64 n", "x86_64", "12.5.0"),
        ("v2-riscv64-20240101", "riscv64", "20240101"),
        ("x-1.2b-3.iso", nil, "3"), ("", nil, nil), ("...", nil, nil), ("1..2", nil, "1"),
    ])
    func `a name tells architecture and version`(_ name: String, _ architecture: String?, _ version: String?) {
        let claims = NameClaims(name.utf8)
        #expect(claims.architecture == architecture)
        #expect(claims.version == version)
    }

    @Test(arguments: [
        ("x.iso.sha256", ListNames.Rank.ofTheFile), ("x.sha512", .ofTheFile), ("x.iso-CHECKSUM", .ofTheFile),
        ("SHA256SUMS", .ofTheFolder), ("sha256sum.txt", .ofTheFolder), ("azurelinux-3.0-iso-checksum", .ofTheFolder),
        ("CHECKSUM", .ofTheFolder), ("MD5SUMS", .weak), ("x.iso.md5", .weak), ("y.iso.sha256", nil), ("x.iso", nil),
        ("x.iso-checksum-signature", nil), ("SHA256SUMS.gpg", nil), ("", nil),
    ])
    private func `names of lists are told apart`(_ name: String, _ rank: ListNames.Rank?) {
        #expect(ListNames.rank(Array(name.utf8), for: Array("x.iso".utf8)) == rank)
        #expect(rank == nil || ListNames.mayBeList(Array(name.utf8)))
    }
}
