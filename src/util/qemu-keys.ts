/**
 * The keys that QEMU knows: by name (`QKeyCode` of its QMP), by number (qnum: scan code set 1, with bit
 * 7 for the codes that follow 0xe0), and by Linux's code (input-event-codes.h), which virtio-input has.
 */

/** Names in QEMU's order; `@N` gives the next name Linux's code N, the one behind it N + 1. */
const NAMES = `
  @42 shift @54 shift_r @56 alt @100 alt_r @29 ctrl @97 ctrl_r @139 menu @1 esc 1 2 3 4 5 6 7 8
  9 0 minus equal backspace tab q w e r t y u i o p bracket_left bracket_right ret @30 a s d f g
  h j k l semicolon apostrophe grave_accent @43 backslash z x c v b n m comma dot slash @55
  asterisk @57 spc caps_lock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 num_lock scroll_lock @98 kp_divide
  @55 kp_multiply @74 kp_subtract @78 kp_add @96 kp_enter @83 kp_decimal @99 sysrq @82 kp_0 @79
  kp_1 kp_2 kp_3 @75 kp_4 kp_5 kp_6 @71 kp_7 kp_8 kp_9 @86 less f11 f12 @99 print @102 home @104
  pgup @109 pgdn @107 end @105 left @103 up @108 down @106 right @110 insert delete @128 stop
  again props undo front copy open paste find cut @101 lf @138 help @125 meta_l meta_r compose
  @119 pause @89 ro @91 hiragana henkan @124 yen @94 muhenkan @93 katakanahiragana @121 kp_comma
  @117 kp_equals @116 power @142 sleep wake @163 audionext @165 audioprev audiostop @164
  audioplay @113 audiomute @115 volumeup @114 volumedown @226 mediaselect @155 mail @140
  calculator @157 computer @172 ac_home @158 ac_back ac_forward @173 ac_refresh @156
  ac_bookmarks @122 lang1 lang2
`;

/** Numbers whose Linux code is another: hexadecimal number, colon, code. */
const NUMBERS = `
  54:99 59:117 5b:101 64:134 65:135 70:93 71:123 72:122 73:89 77:91 79:92 7b:94 7d:124 7e:121
  85:129 86:130 87:131 8c:132 90:165 99:163 9c:96 9d:97 9e:139 a0:113 a1:140 a2:164 a4:166
  ae:114 b0:115 b2:172 b5:98 b7:99 b8:100 bc:137 c1:136 c6:119 c7:102 c8:103 c9:104 cb:105
  cd:106 cf:107 d0:108 d1:109 d2:110 d3:111 db:125 dc:126 dd:127 de:116 df:142 e3:143 e6:156
  e7:173 e8:128 e9:159 ea:158 eb:157 ec:155 ed:226 f5:138 f8:133
`;

/** Numbers 1 to this one are Linux's own codes, but for those in NUMBERS and these holes. */
const LAST_SAME = 88;
const HOLES: readonly number[] = [85];

const words = (text: string): string[] => text.trim().split(/\s+/);

function byName(): ReadonlyMap<string, number> {
  const codes = new Map<string, number>();
  let code = 0;
  for (const word of words(NAMES)) {
    if (word.startsWith("@")) code = Number(word.slice(1));
    else codes.set(word, code++);
  }
  return codes;
}

function byNumber(): ReadonlyMap<number, number> {
  const codes = new Map<number, number>();
  for (let code = 1; code <= LAST_SAME; code++) if (!HOLES.includes(code)) codes.set(code, code);
  for (const word of words(NUMBERS)) {
    const [number = "", code] = word.split(":");
    codes.set(Number.parseInt(number, 16), Number(code));
  }
  return codes;
}

/** Linux's code by QEMU's name; `unmapped`, which QEMU has for no key, is not among them. */
export const CODES_BY_NAME = byName();
/** Linux's code by QEMU's number. */
export const CODES_BY_NUMBER = byNumber();
/** All keys of QEMU's keyboards, in Linux's codes. */
export const KEY_CODES: ReadonlySet<number> = new Set(CODES_BY_NAME.values());
