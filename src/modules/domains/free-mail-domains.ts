/** Domains whose addresses anybody can get. Registrable domains; their subdomains count as well. */
export const FREE_MAIL_DOMAINS: ReadonlySet<string> = new Set(
  `126.com 163.com 189.cn aim.com aol.com arcor.de att.net bell.net bigpond.com bluewin.ch bol.com.br btinternet.com
  charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com fastmail.com fastmail.fm foxmail.com
  freenet.de free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.co.uk
  hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.com inbox.lv inbox.ru
  interia.pl juno.com keemail.me kolabnow.com laposte.net libero.it list.ru live.ca live.co.uk live.com live.de live.fr
  live.it live.nl mac.com mail.com mail.de mail.ee mail.ru mailbox.org mailfence.com mailinator.com me.com msn.com
  nate.com naver.com netzero.net ntlworld.com o2.pl office.com onet.pl online.de online.no optonline.net orange.fr
  outlook.com outlook.de outlook.es outlook.fr outlook.it passport.com pm.me posteo.de prodigy.net proton.me
  protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com rogers.com runbox.com sapo.pt sbcglobal.net
  seznam.cz sfr.fr shaw.ca sina.cn sina.com skynet.be sky.com sohu.com startmail.com sympatico.ca t-online.de talktalk.net
  telenet.be telus.net terra.com.br tiscali.it tuta.com tuta.io tutanota.com tutanota.de uol.com.br verizon.net
  virgilio.it virginmedia.com vodafone.de wanadoo.fr web.de windowslive.com wp.pl yahoo.ca yahoo.co.id yahoo.co.in
  yahoo.co.jp yahoo.co.kr yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es
  yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com zohomail.com`.split(/\s+/),
)
