// The Firestore emulator as a process of its own, so that it can be killed. Argument: the port. It keeps everything in
// memory, and listens on every address, for its maker gives no choice.
import { FirestoreServer } from '@firestore-emulator/server'

const [port = ''] = process.argv.slice(2)
await new FirestoreServer().start(Number(port))
process.stdout.write('listening\n')
