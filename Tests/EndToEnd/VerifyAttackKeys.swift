/// The keys, certificates and images that the attacks are made of.
enum VerifyAttackKeys {
    /// What every attack may call.
    static let functions = #"""
        export GNUPGHOME=$BASE/gpg TZ=UTC
        assay() { timeout -k 5 60 "$ASSAY" "$@"; }
        G() { gpg --batch --quiet --yes --no-tty --pinentry-mode loopback --passphrase '' "$@"; }
        at() { time=$1; shift; G --faked-system-time "${time}T000000!" "$@"; }
        sign() { user=$1; shift; G -u "$user@example.org" --output "$SIG" "$@" --detach-sign "$LIST"; }
        clear() { user=$1; shift; G -u "$user@example.org" --output "$LIST" "$@" --clearsign text; }
        list() { sha256sum $ISO > "$LIST"; }
        # Signatures that gpg does not make: craft DOCUMENT TYPE SIGNED UNSIGNED, unsigned SIGNATURE UNSIGNED; see `crafting`.
        craft() { python3 -c "$CRAFT" $BASE/vendor.sec "$@"; }
        unsigned() { python3 -c "$CRAFT" unsigned "$@"; }
        # A home of gpg's with imported keys: imported NAME FILE…
        imported() {
          home=$BASE/home-$1; mkdir -m 700 $home; shift
          cat "$@" > $home/ring.pgp
          gpg --homedir $home --batch --quiet --no-autostart --import $home/ring.pgp
        }
        # Asks every tool about the case in the current folder.
        measure() {
          home=$BASE/home-${RING:-$KEY}
          gpg --homedir $home --batch --no-autostart --verify ${SIG:+"$SIG"} "$LIST" >gpg.log 2>&1; gpg=$?
          gpgv --keyring $home/ring.pgp ${SIG:+"$SIG"} "$LIST" >gpgv.log 2>&1; gpgv=$?
          sqv=-
          test -z "$SIG" || { sqv --keyring $home/ring.pgp "$SIG" "$LIST" >sqv.log 2>&1; sqv=$?; }
          $CHECK --check "$LIST" >sum.log 2>&1; sum=$?
          set --; for name in ${PINS-$KEY}; do set -- "$@" --key $BASE/keys/$name.pgp; done
          assay verify $ISO "$@" $OPTIONS --format json --quiet >report.json 2>assay.log; echo $gpg $gpgv $sqv $sum $? >row
        }
        """#

    /// Makes `keys/NAME.pgp`, a home of gpg's for each, and three images.
    static let script = #"""
        mkdir -m 700 gpg
        mkdir keys
        new() { at 20200101 --quick-gen-key "$1 <$1@example.org>" "$2" sign "${3:-never}"; }
        fingerprint() {
          gpg --batch --with-colons --list-keys "$1@example.org" | awk -F: '$1 == "fpr" { print $10 }' | sed -n "${2:-1}p"
        }
        export_key() { G --export "$1@example.org" > keys/${2:-$1}.pgp; }
        new vendor rsa2048
        new other ed25519
        new short rsa1024
        new expired ed25519 1y
        new compromised ed25519
        new superseded ed25519
        new subkey ed25519
        for name in vendor other short expired; do export_key $name; done
        G --export-secret-keys vendor@example.org > vendor.sec
        # A copy of the public key takes the revocation, so that the secret one can still sign.
        revoke() {
          printf "y\n$2\n\ny\n" | gpg --no-tty --quiet --pinentry-mode loopback --passphrase '' --command-fd 0 \
            --faked-system-time 20220101T000000! --output revocation --gen-revoke $1@example.org
          mkdir -m 700 revoked-$1
          export_key $1
          gpg --homedir revoked-$1 --batch --quiet --no-autostart --import keys/$1.pgp revocation
          gpg --homedir revoked-$1 --batch --quiet --no-autostart --yes --output keys/$1.pgp --export
          rm revocation
        }
        revoke compromised 1; revoke superseded 2
        # The same key with its expiry taken back; `expired` is the older copy.
        G --quick-set-expire $(fingerprint expired) never
        export_key expired renewed
        at 20200201 --quick-add-key $(fingerprint subkey) ed25519 sign never
        SUBKEY=$(fingerprint subkey 2)
        export_key subkey
        id() { fingerprint $1 | tail -c 17; }
        echo "SUBKEY=$SUBKEY ISSUER=0910$(id vendor) OTHER=0910$(id other)" > variables
        # Split certificates: 1 key, 2 user ID, 3 its signature, 4 subkey, 5 its binding.
        mkdir split; cd split
        gpgsplit -p s- ../keys/subkey.pgp; gpgsplit -p v- ../keys/vendor.pgp
        cat s-000001* s-000002* s-000003* s-000004* > ../keys/unbound.pgp
        cat v-* s-000004* s-000005* > ../keys/grafted.pgp
        cp v-000003* ../certification
        cd ..
        (cat split/s-00000[1234]*; unsigned split/s-000005* 0910$(id subkey)) > keys/backless.pgp
        printf 'schema-version: 1\nsignatures:\n  threshold: 2\n' > two.yaml
        printf 'schema-version: 1\nsignatures:\n  accept-expired-keys: true\n' > old.yaml
        pe() { (printf MZ; head -c 58 /dev/zero; printf '\100\0\0\0PE\0\0'"$2"; head -c 64 /dev/zero) > "$1"; }
        mkdir -p t/EFI/BOOT
        pe t/EFI/BOOT/BOOTX64.EFI '\144\206'
        xorriso -as mkisofs -quiet -R -J -V VENDOR-1.0 -o x86.iso t
        xorriso -as mkisofs -quiet -R -J -V VENDOR-0.9 -o old.iso t
        rm t/EFI/BOOT/*; pe t/EFI/BOOT/BOOTAA64.EFI '\144\252'
        xorriso -as mkisofs -quiet -R -J -V VENDOR-1.0 -o arm.iso t
        mkdir -m 700 namesake
        at 20200101 --homedir namesake --quick-gen-key "vendor <vendor@example.org>" ed25519 sign never
        G --homedir namesake --export > keys/namesake.pgp
        gpgconf --homedir $BASE/namesake --kill all
        for name in vendor other expired renewed compromised superseded short subkey unbound backless grafted namesake; do
          imported $name keys/$name.pgp keys/other.pgp
        done
        imported solo keys/vendor.pgp
        for name in vendor other; do
          assay keys add keys/$name.pgp --source $name --fingerprint $(fingerprint $name) --keys store
        done
        """#

    /// A Python program that makes RSA signatures with any type and subpackets.
    static let crafting = #"""
        import hashlib, struct, sys, time
        def write(packet): sys.stdout.buffer.write(b"\x89" + struct.pack(">H", len(packet)) + packet)
        def packets(data):
            while data:
                if data[0] & 0x40:
                    tag, first = data[0] & 63, data[1]
                    size, start = (first, 2) if first < 192 else ((first - 192 << 8) + data[2] + 192, 3)
                else:
                    tag, width = data[0] >> 2 & 15, 1 << (data[0] & 3)
                    size, start = int.from_bytes(data[1:1 + width], "big"), 1 + width
                yield tag, data[start:start + size]
                data = data[start + size:]
        if sys.argv[1] == "unsigned":
            # unsigned SIGNATURE HEX: the signature with other subpackets in its unsigned area.
            body = next(packets(open(sys.argv[2], "rb").read()))[1]
            area = 6 + struct.unpack(">H", body[4:6])[0]
            rest = area + 2 + struct.unpack(">H", body[area:area + 2])[0]
            other = bytes.fromhex(sys.argv[3])
            write(body[:area] + struct.pack(">H", len(other)) + other + body[rest:])
            sys.exit()
        # SECRET DOCUMENT TYPE HASHED UNHASHED: an RSA signature of a chosen type with chosen subpackets.
        secret, document, kind, hashed, unhashed = sys.argv[1:]
        body = next(body for tag, body in packets(open(secret, "rb").read()) if tag == 5)[6:]
        def number():
            global body
            size = (int.from_bytes(body[:2], "big") + 7) // 8
            value, body = int.from_bytes(body[2:2 + size], "big"), body[2 + size:]
            return value, size
        (n, size), _ = number(), number()
        body = body[1:]  # the secret part is not encrypted
        d, _ = number()
        created = b"\x05\x02" + struct.pack(">I", int(time.time()) - 60)
        hashed, unhashed = created + bytes.fromhex(hashed), bytes.fromhex(unhashed)
        head = bytes([4, int(kind, 16), 1, 8]) + struct.pack(">H", len(hashed)) + hashed
        digest = hashlib.sha256(open(document, "rb").read() + head + b"\x04\xff" + struct.pack(">I", len(head))).digest()
        der = bytes.fromhex("3031300d060960864801650304020105000420") + digest
        block = b"\x00\x01" + b"\xff" * (size - len(der) - 3) + b"\x00" + der
        s = pow(int.from_bytes(block, "big"), d, n)
        mpi = struct.pack(">H", s.bit_length()) + s.to_bytes((s.bit_length() + 7) // 8, "big")
        write(head + struct.pack(">H", len(unhashed)) + unhashed + digest[:2] + mpi)
        """#
}
