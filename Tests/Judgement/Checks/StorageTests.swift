import AssayFacts
import AssayFindings
import Testing

struct StorageTests {
    private static func volume(_ kind: String = "LUKS2", weaknesses: [String] = []) -> StorageFacts.Volume {
        StorageFacts.Volume(
            name: "root", kind: kind, cipher: "aes-xts-plain64", keyBits: 512, isActive: false, weaknesses: weaknesses,
            place: Place("/etc/crypttab", line: 1))
    }

    private static func root(
        _ volumes: [StorageFacts.Volume], tools: Bool = true, gaps: [Gap] = [], kernel: KernelFacts? = nil
    ) -> Facts {
        var storage = StorageFacts()
        storage.volumes = volumes
        storage.gaps = gaps
        if tools { storage.tools = [Sourced("cryptsetup", Place("/usr/sbin/cryptsetup"))] }
        return Made.root().with {
            $0.storage = storage
            if let kernel { $0.kernels = [kernel] }
        }
    }

    private static let gap = Gap(Place("/etc/crypttab"), reason: "permission denied")
    private static let unreadable = Made.kernel(
        without: .unreadable(Place("/boot/config"), reason: "permission denied"))

    private static let cases: [Case] = [
        Case(
            "a volume", "storage.encrypted-volumes", root([volume()]), .pass, .on, .set,
            says: "1 encrypted volume is set up"),
        Case(
            "a weak volume", "storage.encrypted-volumes", root([volume(weaknesses: ["the cipher encrypts nothing"])]),
            .fail, .on, .set, says: "root: the cipher encrypts nothing"),
        Case(
            "a volume, and more that is not readable", "storage.encrypted-volumes", root([volume()], gaps: [gap]),
            .unknown, .unknown, says: "permission denied"),
        Case(
            "tools and dm-crypt", "storage.encrypted-volumes", root([], kernel: Made.kernel(["DM_CRYPT": "m"])), .pass,
            .available, .measured, says: "no encrypted volume is set up", expected: .available),
        Case(
            "tools where volumes are promised", "storage.encrypted-volumes",
            root([], kernel: Made.kernel(["DM_CRYPT": "m"])), .fail, .available, .measured, says: "no encrypted volume"),
        Case(
            "tools and a kernel without dm-crypt", "storage.encrypted-volumes", root([], kernel: Made.kernel([:])),
            .fail, .off, .set, says: "without dm-crypt", expected: .available),
        Case(
            "tools and a kernel that is not known", "storage.encrypted-volumes", root([], kernel: unreadable), .unknown,
            .unknown, says: "permission denied", expected: .available),
        Case(
            "tools without a kernel", "storage.encrypted-volumes", root([]), .pass, .available, .conditional,
            says: "outside the subject", expected: .available),
        Case(
            "no tools", "storage.encrypted-volumes", root([], tools: false), .fail, .off, .measured, says: "neither",
            expected: .available),
    ]

    @Test(arguments: cases)
    func `encrypted volumes are judged`(_ question: Case) {
        let finding = question.finding
        #expect(finding.verdict == question.verdict)
        #expect(finding.state == question.state)
        if finding.verdict == .pass || finding.verdict == .fail { #expect(finding.basis == question.basis) }
        #expect(finding.message.contains(question.says), "\(finding.message)")
    }
}
