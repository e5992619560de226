import { Module } from '@nestjs/common';
import { ParkedController } from '#platform';
import { CommentController } from './comment/comment.controller.ts';
import { CommenterController } from './commenter/commenter.controller.ts';
import { ThreadController } from './thread/thread.controller.ts';

@Module({ controllers: [CommentController, CommenterController, ThreadController, ParkedController] })
export class ModerationModule {}
